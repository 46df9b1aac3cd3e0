// Scripts that the tests deploy.

export const counts = (rate = 100) => `CREATE TABLE numbers (n INT, at_time AS PROCTIME()) WITH (
  'connector' = 'datagen', 'rows-per-second' = '${rate}', 'fields.n.min' = '0', 'fields.n.max' = '9');
CREATE TABLE counts (n INT, how_often BIGINT) WITH ('connector' = 'print');
INSERT INTO counts SELECT n, COUNT(*)
FROM TABLE(TUMBLE(TABLE numbers, DESCRIPTOR(at_time), INTERVAL '1' SECOND))
GROUP BY n, window_start, window_end;
`;

// What each of four shops has taken so far: what the tour of the platform deploys, upgrades and breaks.
export const revenue = ({
  total = 'SUM(amount)',
  orders = 'orders',
} = {}) => `CREATE TABLE orders (shop INT, amount INT) WITH (
  'connector' = 'datagen', 'rows-per-second' = '10',
  'fields.shop.min' = '1', 'fields.shop.max' = '4',
  'fields.amount.min' = '1', 'fields.amount.max' = '50');
CREATE TABLE revenue (shop INT, orders BIGINT, total BIGINT)
  WITH ('connector' = 'print');
INSERT INTO revenue
SELECT shop, COUNT(*) AS orders, ${total} AS total
FROM ${orders}
GROUP BY shop;
`;
