// Scripts that the tests deploy.

export const counts = (rate = 100) => `CREATE TABLE numbers (n INT, at_time AS PROCTIME()) WITH (
  'connector' = 'datagen', 'rows-per-second' = '${rate}', 'fields.n.min' = '0', 'fields.n.max' = '9');
CREATE TABLE counts (n INT, how_often BIGINT) WITH ('connector' = 'print');
INSERT INTO counts SELECT n, COUNT(*)
FROM TABLE(TUMBLE(TABLE numbers, DESCRIPTOR(at_time), INTERVAL '1' SECOND))
GROUP BY n, window_start, window_end;
`;
