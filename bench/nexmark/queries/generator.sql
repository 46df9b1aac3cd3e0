-- The generator alone: all events, into a sink that ignores them.

CREATE TABLE ignored WITH ('connector' = 'blackhole')
LIKE nexmark (EXCLUDING OPTIONS EXCLUDING GENERATED EXCLUDING WATERMARKS);

INSERT INTO ignored
SELECT event_type, person, auction, bid
FROM nexmark;
