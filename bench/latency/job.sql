-- A running count and the latest bid of every bidder: each bid gives one result at once, which carries the time
-- at which that bid was due (event times ascend, so the maximum is the newest bid's).

CREATE TABLE latest (
  bidder BIGINT,
  bids BIGINT,
  due TIMESTAMP(3)
) WITH (
  ${SINK}
);

INSERT INTO latest
SELECT bidder, COUNT(*) AS bids, MAX(`dateTime`) AS due
FROM bid
GROUP BY bidder;
