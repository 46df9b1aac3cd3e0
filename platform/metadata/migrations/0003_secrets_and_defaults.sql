-- `value` is encrypted (platform/metadata/vault.h).
CREATE TABLE secret_values (
  namespace TEXT NOT NULL REFERENCES namespaces (name),
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  PRIMARY KEY (namespace, name)
) STRICT;

-- What deployments are created with if they do not say otherwise: JSON, any part of a deployment's spec.
CREATE TABLE deployment_defaults (
  namespace TEXT PRIMARY KEY REFERENCES namespaces (name),
  spec TEXT NOT NULL,
  resource_version INTEGER NOT NULL,
  modified_at INTEGER NOT NULL
) STRICT;
