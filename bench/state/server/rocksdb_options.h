// RocksDB's options as Flink sets them with managed memory (its RocksDBResourceContainer and
// RocksDBMemoryControllerUtils), with the defaults of Flink's options.
#pragma once

#include <rocksdb/options.h>

#include <cstdint>

namespace castor::bench {

// Options of the database, and of every column family. `tuned`: bloom filters, and indexes and
// filters in partitions. Memtables and blocks share one cache of `managed_bytes`.
rocksdb::Options FlinkOptions(int64_t managed_bytes, bool tuned);

// For lists: elements one after the other.
rocksdb::ColumnFamilyOptions WithListMerging(const rocksdb::ColumnFamilyOptions& options);

}  // namespace castor::bench
