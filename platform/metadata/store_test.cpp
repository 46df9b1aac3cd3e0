#include "platform/metadata/store.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "platform/texts.h"

namespace castor::platform {
namespace {

class StoreTest : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Store> Open() {
    auto store = Store::Open(path_);
    EXPECT_TRUE(store.ok()) << store.status().message();
    return store.ok() ? std::move(*store) : nullptr;
  }

  static DeploymentRecord Deployment(const std::string& name) {
    DeploymentRecord deployment;
    deployment.id = name + "-id";
    deployment.namespace_name = "default";
    deployment.name = name;
    deployment.spec = "{}";
    return deployment;
  }

  const std::string folder_ = testing::TempDir() + "store-" + std::to_string(::getpid()) + "-" +
                              testing::UnitTest::GetInstance()->current_test_info()->name();
  const std::string path_ = folder_ + "/castor.db";
};

TEST_F(StoreTest, WhatWasCommittedIsThereWhenItIsOpenedAgain) {
  {
    const auto store = Open();
    auto session = store->Begin();
    ASSERT_TRUE(session.ok());
    ASSERT_TRUE(session->AddNamespace("default").ok());
    ASSERT_TRUE(session->Save(Deployment("kept")).ok());
    ASSERT_TRUE(session->Commit().ok());
  }
  {
    const auto store = Open();
    auto session = store->Begin();
    ASSERT_TRUE(session.ok());
    DeploymentRecord lost = Deployment("lost");
    lost.sequence = 1;
    ASSERT_TRUE(session->Save(lost).ok());
  }
  const auto store = Open();
  auto session = store->Begin();
  ASSERT_TRUE(session.ok());
  const auto all = session->Select<DeploymentRecord>("", {});
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->size(), 1u);
  EXPECT_EQ(all->front().name, "kept");
}

TEST_F(StoreTest, SavingAgainReplacesAndLeavesWhatRefersToIt) {
  const auto store = Open();
  auto session = store->Begin();
  ASSERT_TRUE(session.ok());
  ASSERT_TRUE(session->AddNamespace("default").ok());
  DeploymentRecord deployment = Deployment("d");
  ASSERT_TRUE(session->Save(deployment).ok());
  VersionRecord version;
  version.deployment = deployment.id;
  version.version = 1;
  ASSERT_TRUE(session->Save(version).ok());
  deployment.version = 2;
  ASSERT_TRUE(session->Save(deployment).ok());
  const auto found = session->Find<DeploymentRecord>("WHERE id = ?", {deployment.id});
  ASSERT_TRUE(found.ok() && *found);
  EXPECT_EQ((*found)->version, 2);
  EXPECT_EQ(session->Select<VersionRecord>("", {})->size(), 1u);
  ASSERT_TRUE(session->DeleteDeployment(deployment.id).ok());
  EXPECT_EQ(session->Select<VersionRecord>("", {})->size(), 0u);
}

TEST_F(StoreTest, EventsAreNumberedAsTheyHappen) {
  const auto store = Open();
  auto session = store->Begin();
  ASSERT_TRUE(session.ok());
  for (const char* name : {"FIRST", "SECOND"}) {
    EventRecord event;
    event.name = name;
    ASSERT_TRUE(session->AddEvent(event).ok());
  }
  const auto events = session->Select<EventRecord>("ORDER BY sequence", {});
  ASSERT_TRUE(events.ok());
  ASSERT_EQ(events->size(), 2u);
  EXPECT_EQ(events->at(1).name, "SECOND");
  EXPECT_EQ(events->at(1).sequence, events->at(0).sequence + 1);
}

TEST_F(StoreTest, MigrationsRunOnceAndInOrder) {
  auto database = Database::Open(path_);
  ASSERT_TRUE(database.ok());
  const std::vector<std::string_view> first = {"CREATE TABLE a (x INTEGER)"};
  ASSERT_TRUE(Migrate(database->get(), first).ok());
  ASSERT_TRUE((*database)->Run("INSERT INTO a VALUES (7)").ok());
  std::vector<std::string_view> second = first;
  second.push_back("ALTER TABLE a ADD COLUMN y INTEGER NOT NULL DEFAULT 1");
  ASSERT_TRUE(Migrate(database->get(), second).ok());
  ASSERT_TRUE(Migrate(database->get(), second).ok());
  const auto rows = (*database)->Query("SELECT x, y FROM a");
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ(rows->front().Integer(0), 7);
  EXPECT_EQ(rows->front().Integer(1), 1);
}

// What each released schema held is there in the newest.
TEST_F(StoreTest, ADatabaseOfTheFirstSchemaIsBroughtUpToDate) {
  {
    auto database = Database::Open(path_);
    ASSERT_TRUE(database.ok());
    ASSERT_TRUE(Migrate(database->get(), {Migrations().front()}).ok());
    ASSERT_TRUE((*database)
                    ->RunScript("INSERT INTO namespaces VALUES ('default', 1);"
                                "INSERT INTO deployments VALUES ('d', 1, 'default', 'd', '{}', "
                                "'{}', '{}', 1, 1, 1, 1);"
                                "INSERT INTO versions VALUES ('d', 1, '{}', 'VALID', '', 1);"
                                "INSERT INTO jobs VALUES ('j', 1, 'default', 'd', 1, '{}', '', "
                                "'STARTED', 'NONE', 1, 0, 1,"
                                " '', '', 1, 1, 1, 0)")
                    .ok());
  }
  const auto store = Open();
  auto session = store->Begin();
  ASSERT_TRUE(session.ok());
  const auto job = session->Find<JobRecord>("WHERE id = ?", {"j"});
  ASSERT_TRUE(job.ok() && *job);
  EXPECT_EQ((*job)->state, "STARTED");
  EXPECT_EQ((*job)->problem, "");
  const auto version = session->Find<VersionRecord>("WHERE deployment = ?", {"d"});
  ASSERT_TRUE(version.ok() && *version);
  EXPECT_EQ((*version)->begin_with, "");
}

// Of the schema before there were users: what there was stays, and nobody asked for it who is
// known.
TEST_F(StoreTest, ADatabaseWithoutUsersHasTheirTables) {
  {
    auto database = Database::Open(path_);
    ASSERT_TRUE(database.ok());
    const std::vector<std::string_view> all = Migrations();
    ASSERT_TRUE(Migrate(database->get(), {all.begin(), all.begin() + 5}).ok());
    ASSERT_TRUE(
        (*database)
            ->RunScript("INSERT INTO namespaces VALUES ('default', 1);"
                        "INSERT INTO events VALUES (1, 'e', 'default', 'd', '', 'X', '', 1)")
            .ok());
  }
  const auto store = Open();
  auto session = store->Begin();
  ASSERT_TRUE(session.ok());
  const auto event = session->Find<EventRecord>("", {});
  ASSERT_TRUE(event.ok() && *event);
  EXPECT_EQ((*event)->actor, "");
  ASSERT_TRUE(session->Save(UserRecord{.name = "anna", .password = "x"}).ok());
  ASSERT_TRUE(session->Save(MemberRecord{"default", "anna", "viewer", 1}).ok());
  ASSERT_TRUE(session->Save(LoginRecord{"digest", "anna", 1, 2}).ok());
  ASSERT_TRUE(session->DeleteUser("anna").ok());
  EXPECT_EQ(session->Select<MemberRecord>("", {})->size(), 0u);
  EXPECT_EQ(session->Select<LoginRecord>("", {})->size(), 0u);
}

TEST_F(StoreTest, AChangeIsWrittenDownWithIt) {
  const auto store = Open();
  const auto note = std::make_shared<ChangeNote>();
  note->record.actor = "anna";
  {
    auto session = store->Begin(note);
    ASSERT_TRUE(session.ok());
    ASSERT_TRUE(session->AddNamespace("default").ok());
    note->record.resource.clear();
    ASSERT_TRUE(session->Save(Deployment("lost")).ok());
  }
  EXPECT_FALSE(note->is_saved);
  note->record.resource.clear();
  {
    auto session = store->Begin(note);
    ASSERT_TRUE(session.ok());
    ASSERT_TRUE(session->AddNamespace("default").ok());
    note->record.resource.clear();
    DeploymentRecord deployment = Deployment("kept");
    deployment.resource_version = 3;
    ASSERT_TRUE(session->Save(deployment).ok());
    VersionRecord version;
    version.deployment = deployment.id;
    ASSERT_TRUE(session->Save(version).ok());
    EventRecord event;
    ASSERT_TRUE(session->AddEvent(event).ok());
    ASSERT_TRUE(session->Commit().ok());
  }
  EXPECT_TRUE(note->is_saved);
  auto session = store->Begin();
  const auto entries = session->Select<AuditRecord>("", {});
  ASSERT_TRUE(entries.ok());
  ASSERT_EQ(entries->size(), 1u);
  EXPECT_EQ(entries->front().resource, "deployments/kept-id");
  EXPECT_EQ(entries->front().resource_version, 3);
  EXPECT_EQ(entries->front().actor, "anna");
  EXPECT_EQ((*session->Find<EventRecord>("", {}))->actor, "anna");
}

TEST_F(StoreTest, AMigrationThatFailsLeavesNothing) {
  auto database = Database::Open(path_);
  ASSERT_TRUE(database.ok());
  EXPECT_FALSE(Migrate(database->get(), {"CREATE TABLE a (x INTEGER); CREATE TABLE b (;"}).ok());
  EXPECT_FALSE((*database)->Query("SELECT * FROM a").ok());
}

TEST_F(StoreTest, ADatabaseOfANewerCastorIsRefused) {
  {
    auto database = Database::Open(path_);
    ASSERT_TRUE(database.ok());
    ASSERT_TRUE((*database)->Run("PRAGMA user_version = 1000").ok());
  }
  const auto store = Store::Open(path_);
  ASSERT_FALSE(store.ok());
  EXPECT_EQ(store.status().code(), StatusCode::kIncompatible);
}

TEST(NewIdTest, IdsAreRandomUuids) {
  const std::string id = NewId();
  EXPECT_EQ(id.size(), 36u);
  EXPECT_EQ(id[14], '4');
  EXPECT_NE(id, NewId());
}

}  // namespace
}  // namespace castor::platform
