CREATE TABLE alert_rules (
  id TEXT PRIMARY KEY,
  sequence INTEGER NOT NULL UNIQUE,
  namespace TEXT NOT NULL REFERENCES namespaces (name),
  name TEXT NOT NULL,
  spec TEXT NOT NULL,
  resource_version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  UNIQUE (namespace, name)
) STRICT;

-- What a rule says of a deployment: PENDING (it holds, not for long enough yet), FIRING, or RESOLVED. The name of
-- the deployment outlives it.
CREATE TABLE alerts (
  rule TEXT NOT NULL REFERENCES alert_rules (id) ON DELETE CASCADE,
  deployment TEXT NOT NULL,
  sequence INTEGER NOT NULL UNIQUE,
  namespace TEXT NOT NULL,
  deployment_name TEXT NOT NULL,
  state TEXT NOT NULL,
  message TEXT NOT NULL,
  since INTEGER NOT NULL,
  fired_at INTEGER NOT NULL,
  resolved_at INTEGER NOT NULL,
  PRIMARY KEY (rule, deployment)
) STRICT;

-- What is to be told to a rule's webhook, in the order in which it happened: PENDING, DELIVERED, or FAILED.
CREATE TABLE alert_deliveries (
  id TEXT PRIMARY KEY,
  sequence INTEGER NOT NULL UNIQUE,
  namespace TEXT NOT NULL,
  rule TEXT NOT NULL REFERENCES alert_rules (id) ON DELETE CASCADE,
  deployment TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL,
  message TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL
) STRICT;
CREATE INDEX pending_deliveries ON alert_deliveries (rule, deployment, sequence) WHERE state = 'PENDING';
