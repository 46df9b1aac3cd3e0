// Values of a run that stand apart from it: what is written is read again, and damage is found.
#include "gemini/run/value_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <random>

#include "gemini/run/run_cursor.h"
#include "gemini/run/test_run.h"

namespace castor::gemini {
namespace {

// A run in memory with its value files.
struct Written {
  std::string run;
  std::list<std::string> values;
  RunFooter footer;
};

class ValueFileTest : public testing::Test {
 protected:
  static OwnedEntry Put(uint32_t number, size_t bytes) {
    return {PositionOf(number / 100, number),
            "key" + std::to_string(number),
            "",
            EntryKind::kPut,
            0,
            std::string(bytes, static_cast<char>('a' + number % 26))};
  }

  static Written Write(const std::vector<OwnedEntry>& entries, const RunWriterOptions& options) {
    Written written;
    RunWriter writer(std::make_unique<StringSink>(&written.run), options, [&] {
      return Result<std::unique_ptr<io::WritableFile>>(
          std::make_unique<StringSink>(&written.values.emplace_back()));
    });
    EXPECT_TRUE(writer.BeginSection(kSection).ok());
    for (const OwnedEntry& entry : entries) EXPECT_TRUE(writer.Add(entry.view()).ok());
    written.footer = *writer.Finish();
    return written;
  }

  // The entries with their values; how many of them stand apart.
  static Result<std::vector<OwnedEntry>> Read(const Written& written, size_t* apart) {
    CASTOR_ASSIGN_OR_RETURN(const auto run, OpenRun(written.run));
    CASTOR_RETURN_NOT_OK(run->ReadFilters().status());
    std::vector<std::shared_ptr<ValueFile>> files;
    for (const std::string& bytes : written.values) {
      CASTOR_ASSIGN_OR_RETURN(const auto file,
                              ValueFile::Open(std::make_unique<StringSource>(bytes),
                                              run->value_files().at(files.size())));
      files.push_back(file);
    }
    RunCursor cursor(*run, *run->Find(kSection), {});
    std::vector<OwnedEntry> entries;
    while (true) {
      CASTOR_ASSIGN_OR_RETURN(const bool more, cursor.Next());
      if (!more) return entries;
      entries.push_back(Owned(cursor.entry()));
      if (!cursor.entry().apart) continue;
      ++*apart;
      const ValuePointer pointer = ValuePointer::Decode(cursor.entry().value);
      CASTOR_RETURN_NOT_OK(files.at(pointer.file)->Read(pointer, &entries.back().value));
    }
  }

  static constexpr SectionId kSection{3, 0};
};

TEST_F(ValueFileTest, LargeValuesStandApartAndAreFound) {
  std::vector<OwnedEntry> entries;
  for (uint32_t i = 0; i < 500; ++i) entries.push_back(Put(i, i));
  for (const uint32_t separate_from : {0u, 1u, 100u, 300u, 500u}) {
    const Written written = Write(entries, {.separate_from = separate_from});
    size_t apart = 0;
    const auto read = Read(written, &apart);
    ASSERT_TRUE(read.ok()) << read.status().ToString();
    EXPECT_EQ(*read, entries);
    EXPECT_EQ(apart, separate_from == 0 ? 0 : 500 - separate_from);
    EXPECT_EQ(written.values.size(), apart == 0 ? 0u : 1u);
  }
}

TEST_F(ValueFileTest, ValuesAreCompressedWhereItPays) {
  std::vector<OwnedEntry> entries;
  std::mt19937 random(5);
  for (uint32_t i = 0; i < 100; ++i) {
    entries.push_back(Put(i, 1000));
    if (i >= 50) std::generate(entries.back().value.begin(), entries.back().value.end(), random);
  }
  for (const Codec codec : {Codec::kLz4Deltas, Codec::kZstdDeltas}) {
    const Written written = Write(entries, {.separate_from = 500, .codec = codec});
    size_t apart = 0;
    EXPECT_EQ(*Read(written, &apart), entries);
    EXPECT_EQ(apart, 100u);
    EXPECT_GT(written.footer.values.at(0).bytes, 50'000u);
    EXPECT_LT(written.footer.values.at(0).bytes, 80'000u);
  }
}

TEST_F(ValueFileTest, ACodecThatIsNotKnownIsToldWithItsPlace) {
  const std::string value(30, 'v');
  std::string bytes;
  ValueWriter writer(
      [&] {
        return Result<std::unique_ptr<io::WritableFile>>(std::make_unique<StringSink>(&bytes));
      },
      1000, Codec::kNone);
  ValuePointer pointer = *writer.Add(value);
  ASSERT_TRUE(writer.End().ok());
  const auto file = ValueFile::Open(std::make_unique<StringSource>(bytes), writer.infos()[0]);
  ASSERT_TRUE(file.ok());
  std::string read;
  ASSERT_TRUE((*file)->Read(pointer, &read).ok());
  EXPECT_EQ(read, value);
  pointer.codec = 9;
  const Status refused = (*file)->Read(pointer, &read);
  EXPECT_EQ(refused.code(), StatusCode::kIncompatible);
  EXPECT_NE(refused.message().find("offset 0"), std::string::npos) << refused.message();
}

TEST_F(ValueFileTest, AFileIsEndedWhenItIsLarge) {
  std::vector<OwnedEntry> entries;
  for (uint32_t i = 0; i < 100; ++i) entries.push_back(Put(i, 1000));
  const Written written = Write(entries, {.separate_from = 1000, .value_file_bytes = 30'000});
  EXPECT_EQ(written.values.size(), 4u);
  ASSERT_EQ(written.footer.values.size(), 4u);
  ASSERT_EQ(written.footer.sections[0].values.size(), 4u);
  for (uint32_t i = 0; i < 4; ++i) {
    EXPECT_EQ(written.footer.sections[0].values[i].file, i);
    EXPECT_EQ(written.footer.sections[0].values[i].bytes, i < 3 ? 30'000u : 10'000u);
    EXPECT_EQ(written.footer.values[i].bytes, i < 3 ? 30'000u : 10'000u);
  }
  size_t apart = 0;
  EXPECT_EQ(*Read(written, &apart), entries);
}

// Windows, for instance, that are dropped one by one.
TEST_F(ValueFileTest, ALargeSectionHasFilesOfItsOwn) {
  const RunWriterOptions options{.separate_from = 100, .section_file_bytes = 5000};
  Written written;
  RunWriter writer(std::make_unique<StringSink>(&written.run), options, [&] {
    return Result<std::unique_ptr<io::WritableFile>>(
        std::make_unique<StringSink>(&written.values.emplace_back()));
  });
  int64_t window = 0;
  // Of 1000, 5000, 6000, 1000 and 1000 bytes.
  for (const uint32_t values : {1u, 5u, 6u, 1u, 1u}) {
    ASSERT_TRUE(writer.BeginSection({1, window++}).ok());
    for (uint32_t i = 0; i < values; ++i) ASSERT_TRUE(writer.Add(Put(i, 1000).view()).ok());
  }
  const RunFooter footer = *writer.Finish();
  const std::vector<uint32_t> files = {0, 0, 1, 2, 2};
  for (size_t i = 0; i < files.size(); ++i) {
    ASSERT_EQ(footer.sections[i].values.size(), 1u);
    EXPECT_EQ(footer.sections[i].values[0].file, files[i]);
  }
}

// Whatever byte is changed or cut off, of the run or of the values: an error, never other values.
TEST_F(ValueFileTest, DamageIsFound) {
  const Written good =
      Write({Put(1, 30), Put(2, 3), Put(3, 40)}, {.block_bytes = 64, .separate_from = 20});
  size_t apart = 0;
  ASSERT_TRUE(Read(good, &apart).ok());
  ASSERT_EQ(apart, 2u);
  const auto expect_found = [&](const std::string& bytes, std::string Written::* run) {
    for (size_t i = 0; i < bytes.size(); ++i) {
      for (const bool cut : {false, true}) {
        std::string bad = bytes;
        bad[i] = static_cast<char>(bad[i] ^ 0x10);
        if (cut) bad.resize(i);
        Written damaged = good;
        (run != nullptr ? damaged.*run : damaged.values.front()) = bad;
        EXPECT_EQ(Read(damaged, &apart).status().code(), StatusCode::kCorruption)
            << (run != nullptr ? "run" : "values") << (cut ? " cut to " : " byte ") << i;
      }
    }
  };
  expect_found(good.run, &Written::run);
  expect_found(good.values.front(), nullptr);
}

// Another file, though nothing in it is damaged.
TEST_F(ValueFileTest, TheFileMustBeTheOneThatTheRunPointsTo) {
  Written written = Write({Put(1, 30)}, {.separate_from = 20});
  written.values = Write({Put(2, 30)}, {.separate_from = 20}).values;
  size_t apart = 0;
  EXPECT_EQ(Read(written, &apart).status().code(), StatusCode::kCorruption);
}

}  // namespace
}  // namespace castor::gemini
