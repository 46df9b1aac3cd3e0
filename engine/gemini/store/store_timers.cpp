// How an instance finds timers: near ones in memory, far ones by whole buckets of time.
#include <string>
#include <utility>

#include "gemini/store/store.h"

namespace castor::gemini {

Result<TimerTable*> Store::AddTimerTable(TimerTableOptions options) {
  CheckpointTable described;
  described.table = options.table;
  described.kind = TableKind::kTimers;
  described.name = options.name;
  described.bucket_ms = options.bucket_ms;
  CASTOR_RETURN_NOT_OK(Declare(described).status());
  TimerTable* const added = tier_.AddTimerTable(std::move(options));
  for (const int64_t bucket : runs_.PartitionsOf(described.table)) added->AddColdBucket(bucket);
  return added;
}

void Store::Delete(TimerTable* table, const TimerView& timer) {
  if (!table->Delete(timer)) {
    const SectionId section{table->options().table, table->BucketOf(timer.time)};
    if (SectionFilters(runs_, section)
            .MayContain(tier_.PositionOfHash(timer.key_hash), TimerTable::UserKey(timer))) {
      table->DeleteStored(timer);
    }
  }
  DropBuckets(table);
}

Result<Readiness> Store::PopDue(TimerTable* table, int64_t until, size_t most, TimerPage* page) {
  CASTOR_ASSIGN_OR_RETURN(const Readiness begun, Begin());
  if (begun == Readiness::kPending) return begun;
  page->Clear();
  int64_t cold_bucket = 0;
  const bool all = table->PopDue(until, most, page, &cold_bucket);
  DropBuckets(table);
  if (all || page->size() > 0) return Readiness::kReady;
  return StartFetches(Sought::kTimers, table, {table->options().table, cold_bucket}, {{}});
}

void Store::DropBuckets(TimerTable* table) {
  for (const int64_t bucket : table->TakeDropped()) {
    DropSection({table->options().table, bucket});
  }
}

}  // namespace castor::gemini
