// How records lie in the tables of the database. Immutable, and so thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "platform/metadata/records.h"

namespace castor::platform {

template <typename Record>
struct Column {
  const char* name;
  std::variant<int64_t Record::*, std::string Record::*> field;
};

// How a record lies in its table: the first `keys` columns tell one from another.
template <typename Record>
struct Table {
  const char* name;
  size_t keys;
  std::vector<Column<Record>> columns;
};

template <typename Record>
const Table<Record>& TableOf();

template <>
const Table<DeploymentRecord>& TableOf();
template <>
const Table<DeploymentStatusRecord>& TableOf();
template <>
const Table<VersionRecord>& TableOf();
template <>
const Table<JobRecord>& TableOf();
template <>
const Table<AttemptRecord>& TableOf();
template <>
const Table<SavepointRecord>& TableOf();
template <>
const Table<SecretValueRecord>& TableOf();
template <>
const Table<ArtifactRecord>& TableOf();
template <>
const Table<DeploymentDefaultsRecord>& TableOf();
template <>
const Table<SqlScriptRecord>& TableOf();
template <>
const Table<SqlScriptVersionRecord>& TableOf();
template <>
const Table<AlertRuleRecord>& TableOf();
template <>
const Table<AlertRecord>& TableOf();
template <>
const Table<AlertDeliveryRecord>& TableOf();
template <>
const Table<PolicyRecord>& TableOf();
template <>
const Table<DeletionRecord>& TableOf();
template <>
const Table<DeploymentListing>& TableOf();
template <>
const Table<EventRecord>& TableOf();
template <>
const Table<UserRecord>& TableOf();
template <>
const Table<MemberRecord>& TableOf();
template <>
const Table<LoginRecord>& TableOf();
template <>
const Table<TokenRecord>& TableOf();
template <>
const Table<AuditRecord>& TableOf();

}  // namespace castor::platform
