-- What holds for all of a namespace: a RetentionPolicy, a ResourceQuota. JSON, with all its fields.
CREATE TABLE policies (
  namespace TEXT NOT NULL REFERENCES namespaces (name),
  kind TEXT NOT NULL,
  spec TEXT NOT NULL,
  resource_version INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  PRIMARY KEY (namespace, kind)
) STRICT;

-- Files and folders that are being deleted: nobody needs them, and nobody may begin to.
CREATE TABLE deletions (
  path TEXT PRIMARY KEY,
  recorded_at INTEGER NOT NULL
) STRICT;
