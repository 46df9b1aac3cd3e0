// What is compared: keyed state of one operator instance, kept by Gemini or by RocksDB, and values
// in a plain hash table.
//
// A call is a batch, and returns when all of it is done. Keys, user keys and elements are numbers,
// which a side writes down as its host would: Gemini gets a row of one BIGINT and its hash, RocksDB
// Flink's composite key (key group, key, namespace, user key). What a value is made of follows from
// the number that it was put for (values.h). What calls answer depends on everything that was read,
// and not on the order in a batch, so that the same calls get the same answers of both sides.
//
// One thread makes all calls. Whatever goes wrong ends the program with a message.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>

namespace castor::bench {

using Numbers = std::span<const uint64_t>;

// What Gemini begins with, and whether it may change it.
struct GeminiSettings {
  bool tuned = false;
  uint32_t fan_in = 4;
  uint32_t cache_sixteenths = 0;  // of the memory, for blocks
  uint32_t separate_from = 0;
  bool filter_of_oldest = true;
};

struct SideOptions {
  std::string folder;  // of its own; exists
  int64_t memory_bytes = 0;
  uint32_t value_bytes = 48;  // a multiple of 16
  bool tuned = false;         // RocksDB: bloom filters and partitioned indexes, as Flink sets them
  GeminiSettings gemini;
};

struct Answer {
  uint64_t sum = 0;
  uint64_t count = 0;  // of values, entries, elements or timers that were there

  void Add(uint64_t number) {
    sum += number;
    ++count;
  }
  void Add(const Answer& other) {
    sum += other.sum;
    count += other.count;
  }
};

struct CheckpointSize {
  int64_t bytes = 0;      // of all that it consists of
  int64_t new_bytes = 0;  // of files that the one before did not have
};

class Side {
 public:
  static constexpr uint32_t kKeyGroups = 128;

  virtual ~Side() = default;

  virtual Answer Get(Numbers keys) = 0;
  virtual void Put(Numbers keys) = 0;
  virtual Answer Update(Numbers keys) = 0;  // adds one to each, and makes those that are not there

  virtual void Append(Numbers keys, Numbers elements) = 0;
  virtual Answer TakeLists(Numbers keys) = 0;  // reads and clears

  virtual void PutEntries(Numbers keys, Numbers user_keys) = 0;
  virtual Answer GetEntries(Numbers keys, Numbers user_keys) = 0;
  virtual void EraseEntries(Numbers keys, Numbers user_keys) = 0;
  virtual Answer Walk(Numbers keys) = 0;

  virtual void Register(Numbers times, Numbers keys) = 0;
  virtual Answer PopDue(uint64_t until) = 0;

  // As Update, in a window, which fires once: its records are read and dropped.
  virtual void UpdateWindow(uint64_t window, Numbers keys) = 0;
  virtual Answer FireWindow(uint64_t window) = 0;

  // Waits until there is nothing to do in the background.
  virtual void Settle() = 0;

  // The part that stops the owner; then, with Pause after each batch, until there is one.
  virtual void StartCheckpoint() = 0;
  virtual bool TakeCheckpoint(CheckpointSize* size) = 0;
  // Between batches.
  virtual void Pause() = 0;
  // Describes the checkpoint taken last in a file, and leaves what it needs alone from now on.
  virtual void KeepCheckpoint(const std::string& file) = 0;

  virtual int64_t DiskBytes() = 0;  // of live files
  virtual std::string Describe() = 0;
  // Totals that the store itself has counted, by name.
  virtual std::map<std::string, double> Counters() { return {}; }
};

// `restored`: what KeepCheckpoint has written, or empty. `download`: files are copied first, where
// the store has to have them here.
std::unique_ptr<Side> OpenGemini(const SideOptions& options, const std::string& restored);
std::unique_ptr<Side> OpenRocksDb(const SideOptions& options, const std::string& restored,
                                  bool download);
// Values alone, in memory alone.
std::unique_ptr<Side> OpenPlain(const SideOptions& options);

}  // namespace castor::bench
