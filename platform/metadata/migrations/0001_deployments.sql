-- Times are milliseconds since 1970. What a person writes and what the controller writes are in tables of
-- their own, so that neither overwrites the other.
CREATE TABLE namespaces (
  name TEXT PRIMARY KEY,
  created_at INTEGER NOT NULL
) STRICT;

-- What a person wants. `version` counts changes of the template.
CREATE TABLE deployments (
  id TEXT PRIMARY KEY,
  sequence INTEGER NOT NULL UNIQUE,
  namespace TEXT NOT NULL REFERENCES namespaces (name),
  name TEXT NOT NULL,
  labels TEXT NOT NULL,
  annotations TEXT NOT NULL,
  spec TEXT NOT NULL,
  version INTEGER NOT NULL,
  resource_version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  UNIQUE (namespace, name)
) STRICT;

-- What the controller has made of it.
CREATE TABLE deployment_status (
  deployment TEXT PRIMARY KEY REFERENCES deployments (id) ON DELETE CASCADE,
  state TEXT NOT NULL,
  message TEXT NOT NULL,
  transition_time INTEGER NOT NULL,
  settled_version INTEGER NOT NULL,
  failed_starts INTEGER NOT NULL,
  failed_savepoints INTEGER NOT NULL,
  retry_at INTEGER NOT NULL,
  seen_resource_version INTEGER NOT NULL
) STRICT;

-- Every template there has been, and whether it can be planned: UNKNOWN, VALID or INVALID.
CREATE TABLE versions (
  deployment TEXT NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  template TEXT NOT NULL,
  validity TEXT NOT NULL,
  message TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (deployment, version)
) STRICT;

-- `ending`: why a job is being ended: NONE, CANCEL or SAVEPOINT. `generation` is that of the last attempt.
CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  sequence INTEGER NOT NULL UNIQUE,
  namespace TEXT NOT NULL,
  deployment TEXT NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  spec TEXT NOT NULL,
  restore_from TEXT NOT NULL,
  state TEXT NOT NULL,
  ending TEXT NOT NULL,
  generation INTEGER NOT NULL,
  restarts INTEGER NOT NULL,
  checkpointed INTEGER NOT NULL,
  failure_reason TEXT NOT NULL,
  failure_message TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL
) STRICT;
CREATE INDEX jobs_of_deployment ON jobs (deployment, sequence);

-- Every process that was to run a job, written before it is started.
CREATE TABLE attempts (
  job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  generation INTEGER NOT NULL,
  restore_from TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (job, generation)
) STRICT;

CREATE TABLE savepoints (
  id TEXT PRIMARY KEY,
  sequence INTEGER NOT NULL UNIQUE,
  namespace TEXT NOT NULL,
  deployment TEXT NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
  job TEXT NOT NULL,
  origin TEXT NOT NULL,
  state TEXT NOT NULL,
  location TEXT NOT NULL,
  message TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL
) STRICT;
CREATE INDEX savepoints_of_deployment ON savepoints (deployment, sequence);

CREATE TABLE events (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  namespace TEXT NOT NULL,
  deployment TEXT NOT NULL,
  job TEXT NOT NULL,
  name TEXT NOT NULL,
  message TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX events_of_deployment ON events (deployment, sequence);
