#include "platform/access/access.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

#include "platform/access/admission.h"
#include "platform/access/secret.h"

namespace castor::platform {
namespace {

class AccessTest : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    auto store = Store::Open(folder_ + "/castor.db");
    ASSERT_TRUE(store.ok()) << store.status().message();
    store_ = std::move(*store);
    auto opened = Access::Open(store_.get(), folder_ + "/local.token");
    ASSERT_TRUE(opened.ok()) << opened.status().message();
    first_password_ = opened->first_password;
    access_ = std::move(opened->access);
    Change([](Session* session) {
      ASSERT_TRUE(session->AddNamespace("default").ok());
      ASSERT_TRUE(session->AddNamespace("team").ok());
    });
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void Change(const std::function<void(Session*)>& change) {
    auto session = store_->Begin();
    ASSERT_TRUE(session.ok());
    change(&*session);
    ASSERT_TRUE(access_->Commit(&*session).ok());
  }

  // The secret of a session of a new user with that role in "default".
  std::string LogIn(const std::string& name, const char* role, int64_t must_change = 0) {
    const std::string secret = NewSecret("");
    Change([&](Session* session) {
      UserRecord user;
      user.name = name;
      user.must_change = must_change;
      ASSERT_TRUE(session->Save(user).ok());
      ASSERT_TRUE(session->Save(MemberRecord{"default", name, role, 0}).ok());
      ASSERT_TRUE(
          session->Save(LoginRecord{DigestOf(secret), name, NowMs(), NowMs() + 60'000}).ok());
    });
    return secret;
  }

  int Asks(Role role, const std::string& in, const Principal& principal) const {
    const auto refusal = WhyRefused({.role = role, .in = in}, principal, *access_->directory());
    return refusal ? refusal->status : 0;
  }

  const std::string folder_ = testing::TempDir() + "access-" + std::to_string(::getpid());
  std::unique_ptr<Store> store_;
  std::unique_ptr<Access> access_;
  std::string first_password_;
};

TEST_F(AccessTest, TheFirstAdminIsMadeOnce) {
  EXPECT_EQ(first_password_.size(), 23u);
  const auto again = Access::Open(store_.get(), folder_ + "/local.token");
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->first_password, "");
  auto session = store_->Begin();
  const auto admin = session->Find<UserRecord>("WHERE name = 'admin'", {});
  ASSERT_TRUE(admin.ok() && *admin);
  EXPECT_TRUE(access_->passwords().Verify((*admin)->password, first_password_));
  EXPECT_FALSE(access_->passwords().Verify((*admin)->password, first_password_ + "x"));
  EXPECT_FALSE(access_->passwords().Verify("", first_password_));
}

TEST_F(AccessTest, RolesAreOfTheirNamespace) {
  const auto anna = access_->FindLogin(LogIn("anna", "editor"));
  ASSERT_TRUE(anna);
  EXPECT_EQ(Asks(Role::kViewer, "default", *anna), 0);
  EXPECT_EQ(Asks(Role::kEditor, "default", *anna), 0);
  EXPECT_EQ(Asks(Role::kOwner, "default", *anna), 403);
  EXPECT_EQ(Asks(Role::kViewer, "team", *anna), 403);
  EXPECT_EQ(Asks(Role::kViewer, "nowhere", *anna), 403);
  EXPECT_EQ(Asks(Role::kAdmin, "", *anna), 403);
  EXPECT_EQ(Asks(Role::kPerson, "", *anna), 0);
}

TEST_F(AccessTest, NobodyMayWhatIsForNobodyAlone) {
  EXPECT_EQ(Asks(Role::kNobody, "", {}), 0);
  for (const Role role : {Role::kNewcomer, Role::kPerson, Role::kKnown, Role::kViewer,
                          Role::kEditor, Role::kOwner, Role::kAdmin}) {
    EXPECT_EQ(Asks(role, "default", {}), 401) << RoleName(role);
  }
}

TEST_F(AccessTest, ANewcomerChangesThePasswordFirst) {
  const auto anna = access_->FindLogin(LogIn("anna", "owner", 1));
  ASSERT_TRUE(anna);
  EXPECT_EQ(Asks(Role::kNewcomer, "", *anna), 0);
  EXPECT_EQ(Asks(Role::kPerson, "", *anna), 403);
  EXPECT_EQ(Asks(Role::kKnown, "", *anna), 403);
  EXPECT_EQ(Asks(Role::kViewer, "default", *anna), 403);
}

TEST_F(AccessTest, ASessionEndsByItselfAndWithItsUser) {
  const std::string secret = LogIn("anna", "viewer");
  EXPECT_FALSE(access_->directory()->FindLogin(DigestOf(secret), NowMs() + 61'000));
  EXPECT_FALSE(access_->FindLogin(secret + "x"));
  const auto anna = access_->FindLogin(secret);
  ASSERT_TRUE(anna);
  EXPECT_TRUE(access_->MaySee(*anna, "default"));
  Change([](Session* session) { ASSERT_TRUE(session->DeleteUser("anna").ok()); });
  EXPECT_FALSE(access_->FindLogin(secret));
  EXPECT_FALSE(access_->MaySee(*anna, "default"));
}

TEST_F(AccessTest, ATokenOfANamespaceHasARoleThereOnly) {
  const std::string secret = NewSecret("castor_");
  Change([&](Session* session) {
    TokenRecord token;
    token.id = "1";
    token.digest = DigestOf(secret);
    token.namespace_name = "default";
    token.name = "ci";
    token.role = "editor";
    ASSERT_TRUE(session->Save(token).ok());
  });
  const auto token = access_->FindToken(secret, false);
  ASSERT_TRUE(token);
  EXPECT_EQ(token->name, "token ci of default");
  EXPECT_EQ(Asks(Role::kKnown, "", *token), 0);
  EXPECT_EQ(Asks(Role::kEditor, "default", *token), 0);
  EXPECT_EQ(Asks(Role::kOwner, "default", *token), 403);
  EXPECT_EQ(Asks(Role::kViewer, "team", *token), 403);
  EXPECT_EQ(Asks(Role::kNewcomer, "", *token), 403);
  EXPECT_EQ(Asks(Role::kPerson, "", *token), 403);
  auto session = store_->Begin();
  const auto record = session->Find<TokenRecord>("WHERE id = '1'", {});
  EXPECT_NE((*record)->last_used_at, 0);
}

}  // namespace
}  // namespace castor::platform
