"""Scripts that the cases run."""

SELECT = "SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t (id, name)"

ORDERS = """\
CREATE TABLE orders (id BIGINT, customer STRING, price DOUBLE)
WITH ('connector' = 'filesystem', 'path' = '{folder}/orders', 'format' = 'json');
CREATE TABLE totals (customer STRING, price DOUBLE)
WITH ('connector' = 'filesystem', 'path' = '{folder}/totals', 'format' = 'json');
INSERT INTO totals SELECT customer, price FROM orders WHERE price > 10;
"""

# Counts forever, slowly enough to be looked at.
ENDLESS = """\
CREATE TABLE numbers (n BIGINT)
WITH ('connector' = 'datagen', 'rows-per-second' = '100',
      'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' = '100000000');
CREATE TABLE sums (parity BIGINT, n BIGINT) WITH ('connector' = 'blackhole');
INSERT INTO sums SELECT MOD(n, 2), COUNT(*) FROM numbers GROUP BY MOD(n, 2);
"""


def orders(sandbox):
    """The script ORDERS, its input, and the lines it should write."""
    sandbox.write(
        "orders/1.json",
        '{"id": 1, "customer": "ann", "price": 5}\n'
        '{"id": 2, "customer": "bob", "price": 50}\n'
        '{"id": 3, "customer": "cem", "price": 500}\n',
    )
    sandbox.write("job.sql", ORDERS.format(folder=sandbox.folder))
    return ['{"customer":"bob","price":50.0}', '{"customer":"cem","price":500.0}']
