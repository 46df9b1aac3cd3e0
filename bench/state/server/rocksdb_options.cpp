#include "bench/state/server/rocksdb_options.h"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/write_buffer_manager.h>

#include <memory>

#include "bench/state/server/check.h"

namespace castor::bench {
namespace {

constexpr double kWriteBufferRatio = 0.5;  // of the managed memory
constexpr double kHighPriorityRatio = 0.1;
constexpr double kBitsPerKey = 10;

// Memtables may exceed their part by a half, so that the parts are laid out for less.
size_t CacheCapacity(double managed) {
  return static_cast<size_t>((3 - kWriteBufferRatio) * managed / 3);
}
size_t WriteBufferCapacity(double managed) {
  return static_cast<size_t>(2 * managed * kWriteBufferRatio / 3);
}

}  // namespace

rocksdb::Options FlinkOptions(int64_t managed_bytes, bool tuned) {
  const auto managed = static_cast<double>(managed_bytes);
  rocksdb::Options options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.avoid_flush_during_shutdown = true;
  options.use_fsync = false;
  options.max_background_jobs = 2;
  options.max_open_files = -1;
  options.stats_dump_period_sec = 0;
  options.write_buffer_size = size_t{64} << 20;
  options.max_write_buffer_number = 2;
  options.min_write_buffer_number_to_merge = 1;
  options.compression = rocksdb::kSnappyCompression;

  const std::shared_ptr<rocksdb::Cache> cache =
      rocksdb::NewLRUCache(CacheCapacity(managed), -1, false, kHighPriorityRatio);
  options.write_buffer_manager =
      std::make_shared<rocksdb::WriteBufferManager>(WriteBufferCapacity(managed), cache);
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  if (tuned) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBitsPerKey, false));
    table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
    table.partition_filters = true;
    table.pin_top_level_index_and_filter = true;
  }
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

rocksdb::ColumnFamilyOptions WithListMerging(const rocksdb::ColumnFamilyOptions& options) {
  rocksdb::ColumnFamilyOptions with_merging;
  Check(rocksdb::GetColumnFamilyOptionsFromString(
      rocksdb::ConfigOptions(), options, "merge_operator=stringappendtest", &with_merging));
  return with_merging;
}

}  // namespace castor::bench
