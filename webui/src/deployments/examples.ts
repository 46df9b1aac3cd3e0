// Scripts to begin with. They need nothing but the platform.

export const auctionsExample = `-- Bids per auction in windows of ten seconds, over Nexmark's stream of auctions.
CREATE TABLE events (
  event_type INT,
  person ROW<id BIGINT, name STRING, emailAddress STRING, creditCard STRING, city STRING,
             state STRING, \`dateTime\` TIMESTAMP(3), extra STRING>,
  auction ROW<id BIGINT, itemName STRING, description STRING, initialBid BIGINT,
              reserve BIGINT, \`dateTime\` TIMESTAMP(3), expires TIMESTAMP(3), seller BIGINT,
              category BIGINT, extra STRING>,
  bid ROW<auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING,
          \`dateTime\` TIMESTAMP(3), extra STRING>,
  event_time AS CASE
    WHEN event_type = 0 THEN person.\`dateTime\`
    WHEN event_type = 1 THEN auction.\`dateTime\`
    ELSE bid.\`dateTime\`
  END,
  WATERMARK FOR event_time AS event_time - INTERVAL '1' SECOND
) WITH (
  'connector' = 'nexmark',
  'first-event.rate' = '2000',
  'next-event.rate' = '2000',
  'rate.limited' = 'true'
);

CREATE TABLE busiest (
  window_end TIMESTAMP(3),
  auction BIGINT,
  bids BIGINT,
  highest BIGINT
) WITH ('connector' = 'print');

CREATE VIEW bids AS
SELECT bid.auction AS auction, bid.price AS price, event_time FROM events WHERE event_type = 2;

INSERT INTO busiest
SELECT window_end, auction, COUNT(*), MAX(price)
FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(event_time), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, auction
HAVING COUNT(*) >= 50;
`;

export const countsExample = `-- How often each number came, second by second.
CREATE TABLE numbers (n INT, at_time AS PROCTIME()) WITH (
  'connector' = 'datagen',
  'rows-per-second' = '100',
  'fields.n.min' = '0',
  'fields.n.max' = '9'
);

CREATE TABLE counts (n INT, how_often BIGINT) WITH ('connector' = 'print');

INSERT INTO counts
SELECT n, COUNT(*)
FROM TABLE(TUMBLE(TABLE numbers, DESCRIPTOR(at_time), INTERVAL '1' SECOND))
GROUP BY n, window_start, window_end;
`;
