-- Pass through: what the engine costs when the query costs nothing.

CREATE TABLE q0 (
  auction BIGINT,
  bidder BIGINT,
  price BIGINT,
  `dateTime` TIMESTAMP(3),
  extra STRING
) WITH (
  ${SINK}
);

INSERT INTO q0
SELECT auction, bidder, price, `dateTime`, extra
FROM bid;
