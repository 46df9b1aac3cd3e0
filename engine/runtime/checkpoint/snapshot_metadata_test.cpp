#include "runtime/checkpoint/snapshot_metadata.h"

#include <gmock/gmock.h>

#include "runtime/checkpoint/snapshot_path.h"

namespace castor::runtime {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const state::StateFile kInside{"/state/run/chk-3/op0-0-x", 5};
const state::StateFile kShared{"/state/run/shared/op0-0-a-0", 7};
const state::StateFile kOfAnotherRun{"/state/old/shared/op0-0-b-0", 11};
const state::StateFile kElsewhere{"/saves/savepoint-1/file-0", 13};

SnapshotMetadata Sample() {
  SnapshotMetadata metadata;
  metadata.id = 3;
  metadata.kind = "checkpoint";
  OperatorRecord op;
  op.uid = "count";
  op.parallelism = 2;
  op.instances[0] = {"op0-0", 3, 0, {{"keyed", 3}}, {kShared, kInside, kOfAnotherRun}};
  op.instances[1] = {"op0-1", 4, 0, {{"keyed", 4}}, {kElsewhere, kOfAnotherRun}};
  metadata.operators.push_back(op);
  return metadata;
}

TEST(SnapshotMetadata, SharedFilesComeBackInOrder) {
  const std::string bytes = EncodeMetadata(Sample(), "/state/run/chk-3");
  const auto read = DecodeMetadata(bytes, "/state/run/chk-3");
  ASSERT_TRUE(read.ok()) << read.status().ToString();
  const auto& instances = read->operators[0].instances;
  EXPECT_THAT(instances.at(0).shared, ElementsAre(kShared, kInside, kOfAnotherRun));
  EXPECT_THAT(instances.at(1).shared, ElementsAre(kElsewhere, kOfAnotherRun));
}

TEST(SnapshotMetadata, WhatAMovedCheckpointDirectoryHoldsIsFoundInIt) {
  const std::string bytes = EncodeMetadata(Sample(), "/state/run/chk-3");
  EXPECT_THAT(bytes, Not(HasSubstr("/state/")));
  const auto moved = DecodeMetadata(bytes, "/a/b/run/chk-3");
  ASSERT_TRUE(moved.ok()) << moved.status().ToString();
  std::vector<std::string> paths;
  for (const state::StateFile& file : moved->SharedFiles()) paths.push_back(file.path);
  EXPECT_THAT(paths, ElementsAre("/a/b/old/shared/op0-0-b-0", "/a/b/run/chk-3/op0-0-x",
                                 "/a/b/run/shared/op0-0-a-0", "/saves/savepoint-1/file-0"));
}

TEST(SnapshotMetadata, AFileThatInstancesShareCountsOnce) {
  EXPECT_EQ(Sample().OwnByteSize(), 7);
  EXPECT_EQ(Sample().SharedByteSize(), 5 + 7 + 11 + 13);
}

TEST(SnapshotMetadata, VersionsAreToldApart) {
  std::string bytes = EncodeMetadata(Sample(), "/state/run/chk-3");
  const std::string head = "castor-snapshot 2 ";
  ASSERT_TRUE(bytes.starts_with(head));
  const std::string rest = bytes.substr(head.size());
  EXPECT_TRUE(DecodeMetadata("castor-snapshot 1 " + rest, "/x").ok());
  const Status newer = DecodeMetadata("castor-snapshot 3 " + rest, "/x").status();
  EXPECT_EQ(newer.code(), StatusCode::kIncompatible);
  EXPECT_THAT(newer.message(), HasSubstr("has format version 3, this Castor reads 1 to 2"));
  for (const char* no_number :
       {"castor-snapshot two ", "castor-snapshot 2x ", "castor-snapshot  "}) {
    EXPECT_EQ(DecodeMetadata(no_number + rest, "/x").status().code(), StatusCode::kIncompatible);
  }
  EXPECT_EQ(DecodeMetadata("castor-snapshot " + rest, "/x").status().code(),
            StatusCode::kCorruption);
}

// Sections are parts of a file, whatever a damaged description says of them.
TEST(SnapshotMetadata, SectionsThatDoNotFitAreRefused) {
  using Sections = std::vector<std::pair<std::string, int64_t>>;
  const auto read = [](const Sections& sections) {
    SnapshotMetadata metadata = Sample();
    metadata.operators[0].instances[0].bytes = 5;
    metadata.operators[0].instances[0].sections = sections;
    return DecodeMetadata(EncodeMetadata(metadata, "/x"), "/x").status();
  };
  EXPECT_TRUE(read({{"a", 2}, {"b", 3}}).ok());
  for (const Sections& sections :
       {Sections{{"a", -5}, {"b", 10}}, Sections{{"a", 10}, {"b", -5}}, Sections{{"a", 2}},
        Sections{{"a", INT64_MAX}, {"b", INT64_MAX}, {"c", 7}}}) {
    EXPECT_EQ(read(sections).code(), StatusCode::kCorruption);
  }
  for (const int64_t bytes : {INT64_MIN, int64_t{-1}, INT64_MAX}) {
    SnapshotMetadata metadata = Sample();
    metadata.operators[0].instances[0].shared[0].bytes = bytes;
    EXPECT_EQ(DecodeMetadata(EncodeMetadata(metadata, "/x"), "/x").status().code(),
              StatusCode::kCorruption);
  }
}

TEST(SnapshotPath, LeavesAloneWhatLiesElsewhere) {
  EXPECT_EQ(PathInSnapshot("/state/run/chk-3", "/state2/run/shared/x"), "/state2/run/shared/x");
  EXPECT_EQ(PathInSnapshot("/state/run/chk-3", "/state/run/chk-33/x"), "../chk-33/x");
  EXPECT_EQ(ResolvePath("/a/run/chk-3", "bucket/run/shared/x"), "bucket/run/shared/x");
}

}  // namespace
}  // namespace castor::runtime
