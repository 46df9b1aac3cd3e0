-- Drafts: scripts that are kept and belong to no deployment. `version` is the newest of their texts.
CREATE TABLE sql_scripts (
  id TEXT PRIMARY KEY,
  sequence INTEGER NOT NULL UNIQUE,
  namespace TEXT NOT NULL REFERENCES namespaces (name),
  name TEXT NOT NULL,
  folder TEXT NOT NULL,
  version INTEGER NOT NULL,
  resource_version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  UNIQUE (namespace, folder, name)
) STRICT;

CREATE TABLE sql_script_versions (
  script TEXT NOT NULL REFERENCES sql_scripts (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  text TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (script, version)
) STRICT;
