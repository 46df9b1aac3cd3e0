-- The job of each deployment that lives, without looking at those that have ended.
CREATE INDEX active_jobs ON jobs (deployment) WHERE ended_at = 0;

-- What lists of deployments show of each, without what they do not: one look for all of it. Texts of a job that is
-- not there are empty, its numbers 0.
CREATE VIEW deployment_listing AS
SELECT
  d.id, d.sequence, d.namespace, d.name, d.labels, d.annotations, d.spec, d.version, d.resource_version,
  d.created_at, d.modified_at,
  json_extract(d.spec, '$.state') AS wanted_state,
  json_extract(d.spec, '$.upgradeStrategy.kind') AS upgrade_strategy,
  json_extract(d.spec, '$.maxSavepointCreationAttempts') AS max_savepoints,
  COALESCE(s.state, 'CANCELLED') AS state,
  COALESCE(s.message, '') AS message,
  COALESCE(s.transition_time, 0) AS transition_time,
  COALESCE(s.settled_version, 0) AS settled_version,
  COALESCE(s.failed_savepoints, 0) AS failed_savepoints,
  COALESCE(s.seen_resource_version, 0) AS seen_resource_version,
  COALESCE(v.validity, 'UNKNOWN') AS validity,
  COALESCE(v.message, '') AS validity_message,
  COALESCE(v.created_at, 0) AS version_created_at,
  COALESCE(j.id, '') AS job,
  COALESCE(j.state, '') AS job_state,
  COALESCE(j.version, 0) AS job_version,
  COALESCE(j.problem, '') AS job_problem,
  COALESCE(j.modified_at, 0) AS job_modified_at
FROM deployments d
LEFT JOIN deployment_status s ON s.deployment = d.id
LEFT JOIN versions v ON v.deployment = d.id AND v.version = d.version
LEFT JOIN jobs j ON j.deployment = d.id AND j.ended_at = 0;
