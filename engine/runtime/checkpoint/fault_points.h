// The named steps of the checkpoint, commit and restore protocol, in the order in which they are
// passed.
//
// Crash tests kill the process at each (see base/fault_point.h) and check that no row is lost or
// doubled. "before-x" means: everything up to x has happened, x has not.
#pragma once

#include <array>
#include <string_view>

namespace castor::runtime::fault {

// Checkpoint (and savepoint).
inline constexpr std::string_view kBeforeTrigger = "checkpoint.before-trigger";
inline constexpr std::string_view kBeforeEnumerators = "checkpoint.before-enumerators";
inline constexpr std::string_view kBeforeBarriers = "checkpoint.before-barriers";
inline constexpr std::string_view kBeforeCut = "checkpoint.before-cut";
inline constexpr std::string_view kBeforeStateWrite = "checkpoint.before-state-write";
inline constexpr std::string_view kBeforeStateSync = "checkpoint.before-state-sync";
inline constexpr std::string_view kBeforeAcknowledge = "checkpoint.before-acknowledge";
inline constexpr std::string_view kBeforeCoordinatorWrite = "checkpoint.before-coordinator-write";
inline constexpr std::string_view kBeforeMetadataWrite = "checkpoint.before-metadata-write";
inline constexpr std::string_view kBeforeMetadataRename = "checkpoint.before-metadata-rename";
inline constexpr std::string_view kBeforeDirectorySync = "checkpoint.before-directory-sync";
inline constexpr std::string_view kBeforeCommit = "commit.before-sink";
inline constexpr std::string_view kBeforeCommitDone = "commit.before-done";
inline constexpr std::string_view kBeforeCleanup = "checkpoint.before-cleanup";
inline constexpr std::string_view kBeforeFinish = "finish.before-sinks";
inline constexpr std::string_view kBeforeFinalCleanup = "finish.before-cleanup";

// Files that snapshots share: a store writes one; one that nobody needs any more goes.
inline constexpr std::string_view kBeforeSharedFile = "shared.before-file";
inline constexpr std::string_view kBeforeSharedDelete = "shared.before-delete";

// Restore.
inline constexpr std::string_view kBeforeRestore = "restore.before-metadata";
inline constexpr std::string_view kBeforeRestoreCommit = "restore.before-commit";
inline constexpr std::string_view kBeforeRestoreFiles = "restore.before-files";
inline constexpr std::string_view kBeforeRestoreState = "restore.before-state";
inline constexpr std::string_view kBeforeRestoreStart = "restore.before-start";

inline constexpr std::array kAll = {
    kBeforeTrigger,       kBeforeEnumerators,    kBeforeBarriers,      kBeforeCut,
    kBeforeStateWrite,    kBeforeStateSync,      kBeforeAcknowledge,   kBeforeCoordinatorWrite,
    kBeforeMetadataWrite, kBeforeMetadataRename, kBeforeDirectorySync, kBeforeCommit,
    kBeforeCommitDone,    kBeforeCleanup,        kBeforeFinish,        kBeforeFinalCleanup,
    kBeforeSharedFile,    kBeforeSharedDelete,   kBeforeRestore,       kBeforeRestoreCommit,
    kBeforeRestoreFiles,  kBeforeRestoreState,   kBeforeRestoreStart,
};

}  // namespace castor::runtime::fault
