-- Not a query of Nexmark: writes the events down, so that engines can read them from files.

CREATE TABLE recorded WITH (
  ${SINK}
)
LIKE nexmark (EXCLUDING OPTIONS EXCLUDING GENERATED EXCLUDING WATERMARKS);

INSERT INTO recorded
SELECT event_type, person, auction, bid
FROM nexmark;
