-- The bids per auction in every two seconds of Nexmark's event stream, with their highest price, for the
-- auctions that drew at least 100 bids. Runs in real time for about half a minute.

CREATE TABLE events (
  event_type INT,
  person ROW<id BIGINT, name STRING, emailAddress STRING, creditCard STRING, city STRING,
             state STRING, `dateTime` TIMESTAMP(3), extra STRING>,
  auction ROW<id BIGINT, itemName STRING, description STRING, initialBid BIGINT, reserve BIGINT,
              `dateTime` TIMESTAMP(3), expires TIMESTAMP(3), seller BIGINT, category BIGINT,
              extra STRING>,
  bid ROW<auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING,
          `dateTime` TIMESTAMP(3), extra STRING>,
  event_time AS CASE
    WHEN event_type = 0 THEN person.`dateTime`
    WHEN event_type = 1 THEN auction.`dateTime`
    ELSE bid.`dateTime`
  END,
  WATERMARK FOR event_time AS event_time - INTERVAL '1' SECOND
) WITH (
  'connector' = 'nexmark',
  'events.num' = '600000',
  'first-event.rate' = '20000',
  'next-event.rate' = '20000',
  'rate.limited' = 'true'
);

CREATE VIEW bids AS
SELECT bid.auction AS auction, bid.price AS price, event_time FROM events WHERE event_type = 2;

SELECT window_end, auction, COUNT(*) AS bids, MAX(price) AS highest
FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(event_time), INTERVAL '2' SECOND))
GROUP BY window_start, window_end, auction
HAVING COUNT(*) >= 100;
