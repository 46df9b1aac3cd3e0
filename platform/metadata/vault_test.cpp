#include "platform/metadata/vault.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace castor::platform {
namespace {

class VaultTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::remove(path_); }
  void TearDown() override { std::filesystem::remove(path_); }

  const std::string path_ =
      testing::TempDir() + "vault_test-" + std::to_string(::getpid()) + ".key";
};

TEST_F(VaultTest, WhatIsSealedComesBackAndIsNotThereInBetween) {
  const auto vault = Vault::Open(path_);
  ASSERT_TRUE(vault.ok());
  for (const std::string& text :
       {std::string(), std::string("s3cret"), std::string(100'000, 'x')}) {
    const auto sealed = vault->Seal(text, "here");
    ASSERT_TRUE(sealed.ok());
    EXPECT_TRUE(text.empty() || sealed->find(text) == std::string::npos);
    EXPECT_NE(*sealed, *vault->Seal(text, "here"));
    // The next server has the same key.
    EXPECT_EQ(*Vault::Open(path_)->Unseal(*sealed, "here"), text);
  }
}

TEST_F(VaultTest, AnotherPlaceOrKeyOrAChangedTextIsNoticed) {
  const auto vault = Vault::Open(path_);
  ASSERT_TRUE(vault.ok());
  std::string sealed = *vault->Seal("s3cret", "here");
  EXPECT_EQ(vault->Unseal(sealed, "there").status().code(), StatusCode::kCorruption);
  for (const std::string& wrong : {std::string(), std::string("zz"), sealed.substr(2)}) {
    EXPECT_EQ(vault->Unseal(wrong, "here").status().code(), StatusCode::kCorruption) << wrong;
  }
  sealed[30] = sealed[30] == '0' ? '1' : '0';
  EXPECT_EQ(vault->Unseal(sealed, "here").status().code(), StatusCode::kCorruption);
  std::filesystem::remove(path_);
  EXPECT_EQ(Vault::Open(path_)->Unseal(*vault->Seal("a", "here"), "here").status().code(),
            StatusCode::kCorruption);
}

TEST_F(VaultTest, OnlyItsUserReadsTheKey) {
  ASSERT_TRUE(Vault::Open(path_).ok());
  struct stat info = {};
  ASSERT_EQ(::stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  std::ofstream(path_) << "short";
  EXPECT_EQ(Vault::Open(path_).status().code(), StatusCode::kCorruption);
}

}  // namespace
}  // namespace castor::platform
