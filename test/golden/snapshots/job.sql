-- The job of the golden snapshots: every kind of keyed state in use, each in an INSERT of its own.
-- ${PATH}: where the hashes of the results go. ${PACED}: whether events come in real time.

CREATE TABLE nexmark (
  event_type INT,
  person ROW<
    id BIGINT, name STRING, emailAddress STRING, creditCard STRING, city STRING, state STRING,
    `dateTime` TIMESTAMP(3), extra STRING>,
  auction ROW<
    id BIGINT, itemName STRING, description STRING, initialBid BIGINT, reserve BIGINT,
    `dateTime` TIMESTAMP(3), expires TIMESTAMP(3), seller BIGINT, category BIGINT, extra STRING>,
  bid ROW<
    auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING,
    `dateTime` TIMESTAMP(3), extra STRING>,
  `dateTime` AS CASE
    WHEN event_type = 0 THEN person.`dateTime`
    WHEN event_type = 1 THEN auction.`dateTime`
    ELSE bid.`dateTime`
  END,
  WATERMARK FOR `dateTime` AS `dateTime` - INTERVAL '1' SECOND
) WITH (
  'connector' = 'nexmark',
  'events.num' = '3000',
  'first-event.rate' = '300',
  'rate.limited' = '${PACED}'
);

CREATE VIEW bid AS
SELECT bid.auction, bid.bidder, bid.price, bid.channel, `dateTime` FROM nexmark WHERE event_type = 2;
CREATE VIEW auction AS
SELECT auction.id, auction.itemName, auction.seller, auction.category, `dateTime`
FROM nexmark WHERE event_type = 1;
CREATE VIEW person AS
SELECT person.id, person.city, `dateTime` FROM nexmark WHERE event_type = 0;

-- Values, with accumulators that hold bytes; maps (DISTINCT).
CREATE TABLE channels (channel STRING, bids BIGINT, bidders BIGINT, lowest BIGINT, latest STRING)
WITH ('connector' = 'hash', 'path' = '${PATH}/channels');
INSERT INTO channels
SELECT channel, COUNT(*), COUNT(DISTINCT bidder), MIN(price), MAX(channel || CAST(auction AS STRING))
FROM bid GROUP BY channel;

-- Lists and maps: the rows of both sides.
CREATE TABLE sellers (auction BIGINT, itemName STRING, city STRING)
WITH ('connector' = 'hash', 'path' = '${PATH}/sellers');
INSERT INTO sellers
SELECT a.id, a.itemName, p.city FROM auction AS a LEFT JOIN person AS p ON a.seller = p.id;

-- Windows, without a timer a key.
CREATE TABLE seconds (auction BIGINT, window_end TIMESTAMP(3), bids BIGINT, highest BIGINT)
WITH ('connector' = 'hash', 'path' = '${PATH}/seconds');
INSERT INTO seconds
SELECT auction, window_end, COUNT(*), MAX(price)
FROM TABLE(HOP(TABLE bid, DESCRIPTOR(`dateTime`), INTERVAL '0.5' SECOND, INTERVAL '1' SECOND))
GROUP BY auction, window_start, window_end;

-- Rows by window.
CREATE TABLE offers (auction BIGINT, bidder BIGINT, itemName STRING, window_end TIMESTAMP(3))
WITH ('connector' = 'hash', 'path' = '${PATH}/offers');
INSERT INTO offers
SELECT b.auction, b.bidder, a.itemName, b.window_end
FROM (SELECT * FROM TABLE(TUMBLE(TABLE bid, DESCRIPTOR(`dateTime`), INTERVAL '1' SECOND))) AS b
JOIN (SELECT * FROM TABLE(TUMBLE(TABLE auction, DESCRIPTOR(`dateTime`), INTERVAL '1' SECOND))) AS a
ON b.auction = a.id AND b.window_start = a.window_start AND b.window_end = a.window_end;

-- Timers, and windows that merge.
CREATE TABLE visits (bidder BIGINT, window_start TIMESTAMP(3), window_end TIMESTAMP(3), bids BIGINT)
WITH ('connector' = 'hash', 'path' = '${PATH}/visits');
INSERT INTO visits
SELECT bidder, window_start, window_end, COUNT(*)
FROM TABLE(SESSION(TABLE bid PARTITION BY bidder, DESCRIPTOR(`dateTime`), INTERVAL '0.2' SECOND))
GROUP BY bidder, window_start, window_end;

-- Rows kept for an interval.
CREATE TABLE early_bids (auction BIGINT, bidder BIGINT, itemName STRING)
WITH ('connector' = 'hash', 'path' = '${PATH}/early_bids');
INSERT INTO early_bids
SELECT b.auction, b.bidder, a.itemName FROM bid AS b, auction AS a
WHERE b.auction = a.id
  AND b.`dateTime` BETWEEN a.`dateTime` AND a.`dateTime` + INTERVAL '0.7' SECOND;

-- The sink's own: the rows of a key whose query has another.
CREATE TABLE cities (city STRING, id BIGINT, `last` STRING, PRIMARY KEY (city) NOT ENFORCED)
WITH ('connector' = 'hash', 'path' = '${PATH}/cities');
INSERT INTO cities
SELECT MAX(city), id, MAX(city) FROM person GROUP BY id ON CONFLICT DO DEDUPLICATE;
