-- A running count and the latest bid of every group of bids: each bid gives one result at once, which carries the
-- time at which that bid was due (event times ascend, so the maximum is the newest bid's). The groups are so many and
-- taken in such an order that neither the state fits in a cache nor a group is found where the last one lay.

CREATE TABLE latest (
  bids_of BIGINT,
  bids BIGINT,
  due TIMESTAMP(3)
) WITH (
  ${SINK}
);

INSERT INTO latest
SELECT bids_of, COUNT(*) AS bids, MAX(`dateTime`) AS due
FROM (SELECT MOD(bidder * 1009 + price, ${KEYS}) AS bids_of, `dateTime` FROM bid)
GROUP BY bids_of;
