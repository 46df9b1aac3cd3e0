-- Who may do what. `password` is a hash of argon2id; `must_change`: it was given by somebody else.
CREATE TABLE users (
  name TEXT PRIMARY KEY,
  password TEXT NOT NULL,
  is_admin INTEGER NOT NULL,
  must_change INTEGER NOT NULL,
  resource_version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL
) STRICT;

CREATE TABLE members (
  namespace TEXT NOT NULL REFERENCES namespaces (name) ON DELETE CASCADE,
  user TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
  role TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (namespace, user)
) STRICT;

-- Sessions of browsers. `digest` is a hash of the secret that only the browser has.
CREATE TABLE logins (
  digest TEXT PRIMARY KEY,
  user TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;

-- A token belongs to a user, whose rights it has, or to a namespace, where it has `role`. The column that does not
-- apply is empty.
CREATE TABLE tokens (
  id TEXT PRIMARY KEY,
  sequence INTEGER NOT NULL UNIQUE,
  digest TEXT NOT NULL UNIQUE,
  user TEXT NOT NULL,
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  UNIQUE (user, namespace, name)
) STRICT;

-- Every change that was asked for. `status` is that of the answer.
CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY,
  created_at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  address TEXT NOT NULL,
  operation TEXT NOT NULL,
  namespace TEXT NOT NULL,
  resource TEXT NOT NULL,
  resource_version INTEGER NOT NULL,
  status INTEGER NOT NULL,
  message TEXT NOT NULL
) STRICT;
CREATE INDEX audit_of_namespace ON audit (namespace, sequence);

-- Who has asked for what an event tells of; empty: the platform itself.
ALTER TABLE events ADD COLUMN actor TEXT NOT NULL DEFAULT '';
