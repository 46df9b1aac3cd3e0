// What the database keeps, as plain structures. Texts that are JSON are named so; times are
// milliseconds since 1970, 0 for none.
#pragma once

#include <cstdint>
#include <string>

namespace castor::platform {

struct DeploymentRecord {
  std::string id;
  int64_t sequence = 0;  // ascends in the order of creation, as in the other records
  std::string namespace_name;
  std::string name;
  std::string labels = "{}";       // JSON
  std::string annotations = "{}";  // JSON
  std::string spec;                // JSON, as in spec/openapi.yaml
  int64_t version = 1;             // counts changes of spec.template
  int64_t resource_version = 1;
  int64_t created_at = 0;
  int64_t modified_at = 0;
};

// Written by the controller alone.
struct DeploymentStatusRecord {
  std::string deployment;
  std::string state = "CANCELLED";  // as in spec/openapi.yaml
  std::string message;              // why it is FAILED, or why it stays as it is
  int64_t transition_time = 0;
  int64_t settled_version = 0;  // the version with which FINISHED or FAILED was reached
  int64_t failed_starts = 0;    // in a row
  int64_t failed_savepoints = 0;
  int64_t retry_at = 0;
  int64_t seen_resource_version = 0;  // failures count from the last change of the deployment on
};

struct VersionRecord {
  std::string deployment;
  int64_t version = 0;
  std::string template_json;
  // VALID; INVALID: cannot be planned; UNFIT: would lose state; REJECTED: does not work.
  std::string validity = "UNKNOWN";
  std::string message;
  int64_t created_at = 0;
  std::string begin_with;  // a snapshot; empty: the restore strategy says
  std::string engine;      // NATIVE, FLINK; empty: it has not been planned
  std::string engine_reason;

  std::string key() const { return deployment + "-" + std::to_string(version); }
};

struct JobRecord {
  std::string id;
  int64_t sequence = 0;
  std::string namespace_name;
  std::string deployment;
  int64_t version = 0;
  std::string spec;  // JSON: the deployment's as it was
  std::string restore_from;
  std::string state = "STARTING";
  std::string ending = "NONE";  // CANCEL, SAVEPOINT
  int64_t generation = 1;
  int64_t restarts = 0;
  int64_t checkpointed = 0;  // 1: a checkpoint of it has been complete
  std::string failure_reason;
  std::string failure_message;
  std::string problem;
  std::string engine = "NATIVE";  // its version's, as is the reason
  std::string engine_reason;
  int64_t created_at = 0;
  int64_t modified_at = 0;
  int64_t started_at = 0;
  int64_t ended_at = 0;

  bool active() const { return ended_at == 0; }
};

struct AttemptRecord {
  std::string job;
  int64_t generation = 0;
  std::string restore_from;
  int64_t created_at = 0;
};

struct SavepointRecord {
  std::string id;
  int64_t sequence = 0;
  std::string namespace_name;
  std::string deployment;
  std::string job;
  std::string origin;
  std::string state = "STARTED";
  std::string location;
  std::string message;
  int64_t created_at = 0;
  int64_t modified_at = 0;
};

struct SecretValueRecord {
  std::string namespace_name;
  std::string name;
  std::string value;  // sealed (vault.h)
  int64_t created_at = 0;
  int64_t modified_at = 0;

  // What the value is bound to.
  std::string place() const { return namespace_name + "/" + name; }
};

// A file; it never changes.
struct ArtifactRecord {
  std::string namespace_name;
  std::string name;
  int64_t size = 0;
  std::string sha256;
  int64_t created_at = 0;
};

struct DeploymentDefaultsRecord {
  std::string namespace_name;
  std::string spec = "{}";  // JSON
  int64_t resource_version = 1;
  int64_t modified_at = 0;
};

struct SqlScriptRecord {
  std::string id;
  int64_t sequence = 0;
  std::string namespace_name;
  std::string name;
  std::string folder;   // "a/b"; empty: none
  int64_t version = 1;  // the newest of its texts
  int64_t resource_version = 1;
  int64_t created_at = 0;
  int64_t modified_at = 0;
};

struct SqlScriptVersionRecord {
  std::string script;
  int64_t version = 0;
  std::string text;
  int64_t created_at = 0;
};

struct AlertRuleRecord {
  std::string id;
  int64_t sequence = 0;
  std::string namespace_name;
  std::string name;
  std::string spec;  // JSON
  int64_t resource_version = 1;
  int64_t created_at = 0;
  int64_t modified_at = 0;
};

struct AlertRecord {
  std::string rule;        // id
  std::string deployment;  // id
  int64_t sequence = 0;
  std::string namespace_name;
  std::string deployment_name;
  std::string state;    // PENDING, FIRING, RESOLVED
  std::string message;  // what is, or was, wrong
  int64_t since = 0;    // it has held
  int64_t fired_at = 0;
  int64_t resolved_at = 0;
};

struct AlertDeliveryRecord {
  std::string id;
  int64_t sequence = 0;
  std::string namespace_name;
  std::string rule;  // id
  std::string deployment;
  std::string body;               // JSON
  std::string state = "PENDING";  // DELIVERED, FAILED
  std::string message;            // why the last attempt has failed
  int64_t attempts = 0;
  int64_t next_at = 0;
  int64_t created_at = 0;
  int64_t modified_at = 0;
};

struct PolicyRecord {
  std::string namespace_name;
  std::string kind;
  std::string spec;  // JSON
  int64_t resource_version = 1;
  int64_t modified_at = 0;
};

struct DeletionRecord {
  std::string path;
  int64_t recorded_at = 0;
};

// A deployment with what its state is told from: the view deployment_listing, which is only read.
struct DeploymentListing {
  std::string id;
  int64_t sequence = 0;
  std::string namespace_name;
  std::string name;
  std::string labels = "{}";       // JSON
  std::string annotations = "{}";  // JSON
  std::string spec;                // JSON
  int64_t version = 1;
  int64_t resource_version = 1;
  int64_t created_at = 0;
  int64_t modified_at = 0;
  // Out of the spec.
  std::string wanted_state = "CANCELLED";
  std::string upgrade_strategy;
  int64_t max_savepoints = 0;
  // Of its status.
  std::string state = "CANCELLED";
  std::string message;
  int64_t transition_time = 0;
  int64_t settled_version = 0;
  int64_t failed_savepoints = 0;
  int64_t seen_resource_version = 0;
  // Of its newest version.
  std::string validity = "UNKNOWN";
  std::string validity_message;
  int64_t version_created_at = 0;
  // Of the job that lives; empty: there is none.
  std::string job;
  std::string job_state;
  int64_t job_version = 0;
  std::string job_problem;
  int64_t job_modified_at = 0;
};

struct EventRecord {
  std::string id;
  int64_t sequence = 0;
  std::string namespace_name;
  std::string deployment;
  std::string job;
  std::string name;
  std::string message;
  int64_t created_at = 0;
  std::string actor;  // who asked for it; empty: the platform itself
};

struct UserRecord {
  std::string name;
  std::string password;  // a hash
  int64_t is_admin = 0;
  int64_t must_change = 0;  // the password
  int64_t resource_version = 1;
  int64_t created_at = 0;
  int64_t modified_at = 0;
};

struct MemberRecord {
  std::string namespace_name;
  std::string user;
  std::string role;
  int64_t created_at = 0;
};

// A browser's session.
struct LoginRecord {
  std::string digest;
  std::string user;
  int64_t created_at = 0;
  int64_t expires_at = 0;
};

// Of a user, or of a namespace; the other is empty.
struct TokenRecord {
  std::string id;
  int64_t sequence = 0;
  std::string digest;
  std::string user;
  std::string namespace_name;
  std::string name;
  std::string role;  // in the namespace
  std::string created_by;
  int64_t created_at = 0;
  int64_t last_used_at = 0;
};

// A change that somebody asked for.
struct AuditRecord {
  int64_t sequence = 0;
  int64_t created_at = 0;
  std::string actor;  // empty: nobody who is known
  std::string address;
  std::string operation;
  std::string namespace_name;
  std::string resource;
  int64_t resource_version = 0;  // 0: it has none
  int64_t status = 200;
  std::string message;  // why it was refused
};

}  // namespace castor::platform
