#include "object_store/s3_file_system.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>

#include "base/memory.h"
#include "object_store/test_server.h"

namespace castor::object_store {
namespace {

constexpr size_t kMebibyte = 1 << 20;

// One server for all: each test has a folder of its own. One file system at a time, as there is in
// a process.
class S3FileSystemTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = std::make_unique<TestServer>();
    server_->MakeBucket("lake");
  }
  static void TearDownTestSuite() {
    server_.reset();
    StopS3();
  }

  void SetUp() override { Open(server_->settings()); }

  void Open(const S3Settings& settings) {
    auto made = OpenS3(settings);
    ASSERT_TRUE(made.ok()) << made.status().ToString();
    fs_ = std::move(made).value();
  }
  std::string Path(const std::string& name) const {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    return std::string("s3://lake/") + test->name() + "/" + name;
  }
  void Write(const std::string& path, std::string_view bytes) {
    auto file = fs_->OpenForWrite(path);
    ASSERT_TRUE(file.ok()) << file.status().ToString();
    ASSERT_TRUE((*file)->Append(bytes).ok());
    const Status closed = (*file)->Close();
    ASSERT_TRUE(closed.ok()) << closed.ToString();
  }

  static std::unique_ptr<TestServer> server_;
  std::unique_ptr<io::FileSystem> fs_;
};

std::unique_ptr<TestServer> S3FileSystemTest::server_;

TEST_F(S3FileSystemTest, WhatIsWrittenIsRead) {
  Write(Path("a"), "hello world");
  EXPECT_EQ(*io::ReadWholeFile(*fs_, Path("a")), "hello world");
  Write(Path("a"), "another");
  EXPECT_EQ(*io::ReadWholeFile(*fs_, Path("a")), "another");
  Write(Path("none"), "");
  EXPECT_EQ(*io::ReadWholeFile(*fs_, Path("none")), "");
  ASSERT_TRUE(io::WriteFileAtomically(*fs_, Path("whole"), "x").ok());
  EXPECT_EQ(*io::ReadWholeFile(*fs_, Path("whole")), "x");
}

TEST_F(S3FileSystemTest, ReadsRanges) {
  Write(Path("a"), "hello world");
  auto file = fs_->OpenForRead(Path("a"));
  ASSERT_TRUE(file.ok()) << file.status().ToString();
  EXPECT_EQ(*(*file)->Size(), 11);
  char bytes[16] = {};
  EXPECT_EQ(*(*file)->ReadAt(6, bytes, 3), 3);
  EXPECT_EQ(std::string_view(bytes), "wor");
  EXPECT_EQ(*(*file)->ReadAt(6, bytes, 16), 5);
  EXPECT_EQ(std::string_view(bytes), "world");
  EXPECT_EQ(*(*file)->ReadAt(11, bytes, 16), 0);
  EXPECT_EQ(*(*file)->ReadAt(100, bytes, 16), 0);
}

TEST_F(S3FileSystemTest, LargeOnesGoInPartsThroughBoundedMemory) {
  const std::string path = Path("large");
  const int64_t before = MemoryAccount::Buffers().used();
  auto file = std::move(fs_->OpenForWrite(path)).value();
  int64_t most = 0;
  constexpr int kMebibytes = 33;
  for (int i = 0; i < kMebibytes; ++i) {
    ASSERT_TRUE(file->Append(std::string(kMebibyte, static_cast<char>('A' + i))).ok());
    most = std::max(most, MemoryAccount::Buffers().used() - before);
    EXPECT_FALSE(*fs_->Exists(path));
  }
  ASSERT_TRUE(file->Close().ok());
  file.reset();
  EXPECT_GE(most, int64_t{5} << 20);  // else it was not charged
  EXPECT_LE(most, int64_t{25} << 20);
  EXPECT_EQ(MemoryAccount::Buffers().used(), before);

  auto read = std::move(fs_->OpenForRead(path)).value();
  EXPECT_EQ(*read->Size(), static_cast<int64_t>(kMebibytes * kMebibyte));
  for (int i = 0; i + 1 < kMebibytes; ++i) {
    char bytes[2];
    EXPECT_EQ(*read->ReadAt(static_cast<int64_t>((i + 1) * kMebibyte) - 1, bytes, 2), 2);
    EXPECT_EQ(bytes[0], static_cast<char>('A' + i));
    EXPECT_EQ(bytes[1], static_cast<char>('B' + i));
  }
}

TEST_F(S3FileSystemTest, NothingIsThereOfWhatWasNotClosed) {
  for (const size_t size : {size_t{10}, 15 * kMebibyte}) {
    auto file = std::move(fs_->OpenForWrite(Path("a"))).value();
    ASSERT_TRUE(file->Append(std::string(size, 'x')).ok());
    file.reset();
    EXPECT_FALSE(*fs_->Exists(Path("a")));
  }
}

TEST_F(S3FileSystemTest, ListsSortedWithFoldersAndDeletesTrees) {
  Write(Path("x/b"), "1");
  Write(Path("x/a"), "12");
  Write(Path("x/c/d"), "123");
  const auto entries = fs_->List(Path("x"));
  ASSERT_TRUE(entries.ok()) << entries.status().ToString();
  ASSERT_EQ(entries->size(), 3u);
  EXPECT_EQ((*entries)[0].path, Path("x/a"));
  EXPECT_EQ((*entries)[0].size, 2);
  EXPECT_GT((*entries)[0].modification_time_ms, 1'600'000'000'000);
  EXPECT_EQ((*entries)[1].path, Path("x/b"));
  EXPECT_EQ((*entries)[2].path, Path("x/c"));
  EXPECT_TRUE((*entries)[2].is_directory);
  EXPECT_EQ(fs_->Stat(Path("x/c/d"))->size, 3);
  EXPECT_TRUE(fs_->Stat(Path("x"))->is_directory);

  ASSERT_TRUE(fs_->DeleteFile(Path("x/a")).ok());
  EXPECT_FALSE(*fs_->Exists(Path("x/a")));
  ASSERT_TRUE(fs_->DeleteRecursively(Path("x")).ok());
  EXPECT_FALSE(*fs_->Exists(Path("x/c/d")));
  EXPECT_TRUE(fs_->List(Path("x"))->empty());
  EXPECT_TRUE(fs_->DeleteRecursively(Path("x")).ok());
  EXPECT_TRUE(fs_->DeleteFile(Path("x/a")).ok());
}

TEST_F(S3FileSystemTest, RenamesByACopy) {
  Write(Path("a"), "1");
  ASSERT_TRUE(fs_->Rename(Path("a"), Path("b")).ok());
  EXPECT_FALSE(*fs_->Exists(Path("a")));
  EXPECT_EQ(*io::ReadWholeFile(*fs_, Path("b")), "1");
}

TEST_F(S3FileSystemTest, WhatIsMissingIsNotFoundAndNamed) {
  const Status file = fs_->OpenForRead(Path("none")).status();
  EXPECT_EQ(file.code(), StatusCode::kNotFound);
  EXPECT_NE(file.message().find(Path("none")), std::string::npos) << file.message();
  EXPECT_EQ(fs_->Stat(Path("none")).status().code(), StatusCode::kNotFound);
}

TEST_F(S3FileSystemTest, AMissingBucketIsNamed) {
  const Status made = fs_->MakeDirectories("s3://dry-lake/x/y");
  EXPECT_EQ(made.code(), StatusCode::kNotFound);
  EXPECT_NE(made.message().find("there is no bucket 'dry-lake'"), std::string::npos)
      << made.message();
  auto file = std::move(fs_->OpenForWrite("s3://dry-lake/x/y")).value();
  ASSERT_TRUE(file->Append("1").ok());
  const Status closed = file->Close();
  EXPECT_EQ(closed.code(), StatusCode::kNotFound);
  EXPECT_NE(closed.message().find("make the bucket"), std::string::npos) << closed.message();
  EXPECT_TRUE(fs_->MakeDirectories(Path("x/y")).ok());
  EXPECT_EQ(fs_->MakeDirectories("s3:///x").code(), StatusCode::kInvalidArgument);
}

TEST_F(S3FileSystemTest, WrongKeysAreNamedWithWhatToDo) {
  for (const bool secret : {false, true}) {
    fs_.reset();
    S3Settings settings = server_->settings();
    (secret ? settings.secret_key : settings.access_key) = "wrong";
    Open(settings);
    const Status made = fs_->MakeDirectories(Path("x"));
    EXPECT_EQ(made.code(), StatusCode::kIoError);
    EXPECT_NE(made.message().find(secret ? "SIGNATURE_DOES_NOT_MATCH" : "INVALID_ACCESS_KEY_ID"),
              std::string::npos)
        << made.message();
    EXPECT_NE(made.message().find("check s3.access-key"), std::string::npos) << made.message();
    EXPECT_EQ(made.message().find("wrong'"), std::string::npos) << made.message();
  }
}

TEST_F(S3FileSystemTest, TheStoreCopiesByItself) {
  Write(Path("a"), "content");
  ASSERT_TRUE(fs_->Link(Path("a"), Path("x/b")).ok());
  ASSERT_TRUE(fs_->DeleteFile(Path("a")).ok());
  EXPECT_EQ(*io::ReadWholeFile(*fs_, Path("x/b")), "content");
  EXPECT_EQ(fs_->Link(Path("none"), Path("c")).code(), StatusCode::kNotFound);
}

TEST_F(S3FileSystemTest, AppendingIsRefused) {
  Write(Path("a"), "1");
  EXPECT_TRUE(fs_->FilesAppearWhole(Path("a")));
  EXPECT_EQ(fs_->OpenForAppend(Path("a"), 1).status().code(), StatusCode::kUnsupported);
}

TEST_F(S3FileSystemTest, AServerThatDiesIsAnErrorAndNothingIsSeenWhenItIsBack) {
  fs_.reset();
  S3Settings settings = server_->settings();
  settings.attempts = 2;
  Open(settings);
  auto file = std::move(fs_->OpenForWrite(Path("a"))).value();
  ASSERT_TRUE(file->Append(std::string(12 * kMebibyte, 'x')).ok());
  server_->Kill();
  const Status failed = file->Append(std::string(12 * kMebibyte, 'x'));
  EXPECT_EQ(failed.code(), StatusCode::kIoError);
  EXPECT_NE(failed.message().find("check s3.endpoint"), std::string::npos) << failed.message();
  EXPECT_EQ(file->Close().message(), failed.message());
  file.reset();
  EXPECT_EQ(fs_->OpenForRead(Path("a")).status().code(), StatusCode::kIoError);
  server_->Start();
  EXPECT_FALSE(*fs_->Exists(Path("a")));
  Write(Path("b"), "back");
  EXPECT_EQ(*io::ReadWholeFile(*fs_, Path("b")), "back");
}

TEST_F(S3FileSystemTest, AServerThatHangsIsAnError) {
  fs_.reset();
  S3Settings settings = server_->settings();
  settings.silence_seconds = 1;
  settings.attempts = 1;
  Open(settings);
  Write(Path("a"), "1");
  server_->Pause();
  EXPECT_EQ(fs_->Exists(Path("a")).status().code(), StatusCode::kIoError);
  auto file = std::move(fs_->OpenForWrite(Path("b"))).value();
  EXPECT_TRUE(file->Append("2").ok());
  const Status failed = file->Close();
  EXPECT_EQ(failed.code(), StatusCode::kIoError);
  EXPECT_NE(failed.message().find("check s3.endpoint"), std::string::npos) << failed.message();
  server_->GoOn();
  EXPECT_TRUE(*fs_->Exists(Path("a")));
}

}  // namespace
}  // namespace castor::object_store
