-- Files that deployments use, below artifacts/ of the data directory.
CREATE TABLE artifacts (
  namespace TEXT NOT NULL REFERENCES namespaces (name),
  name TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (namespace, name)
) STRICT;

-- NATIVE or FLINK, and why; empty while the version has not been planned.
ALTER TABLE versions ADD COLUMN engine TEXT NOT NULL DEFAULT '';
ALTER TABLE versions ADD COLUMN engine_reason TEXT NOT NULL DEFAULT '';
UPDATE versions SET engine = 'NATIVE' WHERE validity IN ('VALID', 'REJECTED');
-- What its version said when it was made.
ALTER TABLE jobs ADD COLUMN engine TEXT NOT NULL DEFAULT 'NATIVE';
ALTER TABLE jobs ADD COLUMN engine_reason TEXT NOT NULL DEFAULT '';
