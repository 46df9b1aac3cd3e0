#include "platform/artifacts/artifact_store.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "platform/artifacts/artifact_address.h"

namespace castor::platform {
namespace {

class ArtifactStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "artifact-store-" + std::to_string(::getpid());
    std::filesystem::remove_all(folder_);
    auto opened = ArtifactStore::Open(folder_);
    ASSERT_TRUE(opened.ok());
    store_ = std::move(*opened);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  size_t Incoming() const {
    size_t files = 0;
    for (const auto& each : std::filesystem::directory_iterator(folder_ + "/.incoming")) {
      files += each.exists() ? 1 : 0;
    }
    return files;
  }

  std::string folder_;
  std::unique_ptr<ArtifactStore> store_;
};

TEST_F(ArtifactStoreTest, WhatComesInPiecesIsWholeUnderItsName) {
  auto incoming = store_->Begin();
  ASSERT_TRUE(incoming.ok());
  ASSERT_TRUE(incoming->Append("a").ok());
  ASSERT_TRUE(incoming->Append("bc").ok());
  ASSERT_TRUE(incoming->Finish().ok());
  EXPECT_EQ(incoming->size(), 3);
  EXPECT_EQ(incoming->sha256(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  ASSERT_TRUE(store_->Keep(&*incoming, "default", "a.jar").ok());
  EXPECT_EQ(*io::ReadWholeFile(io::LocalFileSystem(), store_->PathOf("default", "a.jar")), "abc");
  EXPECT_EQ(*FetchArtifact(*store_, "default", "artifact:a.jar"), folder_ + "/default/a.jar");
  ASSERT_TRUE(store_->Delete("default", "a.jar").ok());
  EXPECT_FALSE(FetchArtifact(*store_, "default", "artifact:a.jar").ok());
}

TEST_F(ArtifactStoreTest, NothingStaysOfWhatIsNotKept) {
  {
    auto incoming = store_->Begin();
    ASSERT_TRUE(incoming.ok());
    ASSERT_TRUE(incoming->Append("abc").ok());
    EXPECT_EQ(Incoming(), 1U);
  }
  EXPECT_EQ(Incoming(), 0U);
}

TEST_F(ArtifactStoreTest, NoNameLeadsElsewhere) {
  for (const char* name : {"", ".", "..", "../a", "a/b", ".fetched", "a\\b", "a b", "-a", "a\n"}) {
    EXPECT_FALSE(CheckArtifactName(name).ok()) << name;
    EXPECT_FALSE(FetchArtifact(*store_, "default", std::string("artifact:") + name).ok()) << name;
  }
  for (const char* name : {"a", "my-job_1.2+x.jar", "7"}) {
    EXPECT_TRUE(CheckArtifactName(name).ok()) << name;
  }
}

TEST_F(ArtifactStoreTest, AddressesAreThoseOfFilesThatAreThere) {
  const std::string path = folder_ + "/file";
  ASSERT_TRUE(io::WriteFileAtomically(io::LocalFileSystem(), path, "x").ok());
  EXPECT_EQ(*FetchArtifact(*store_, "default", "file://" + path), path);
  EXPECT_EQ(*FetchArtifact(*store_, "default", "file:" + path), path);
  EXPECT_FALSE(FetchArtifact(*store_, "default", "file://" + folder_).ok());
  const auto refused = FetchArtifact(*store_, "default", "s3://bucket/a.jar");
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.status().message().find("s3:"), std::string::npos);
}

}  // namespace
}  // namespace castor::platform
