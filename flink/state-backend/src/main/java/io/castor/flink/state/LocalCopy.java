package io.castor.flink.state;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import javax.annotation.Nullable;
import org.apache.flink.core.fs.local.LocalFileSystem;
import org.apache.flink.runtime.state.DirectoryStateHandle;
import org.apache.flink.runtime.state.LocalRecoveryConfig;
import org.apache.flink.runtime.state.LocalSnapshotDirectoryProvider;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.apache.flink.util.FileUtils;

/**
 * The files of a checkpoint on the local disk, linked and not copied where that can be done, so
 * that a recovery on this machine need not fetch them.
 */
final class LocalCopy {
  private final LocalSnapshotDirectoryProvider provider;
  private final File directory;

  private LocalCopy(LocalSnapshotDirectoryProvider provider, File directory) {
    this.provider = provider;
    this.directory = directory;
  }

  /** Null if there is to be none. */
  @Nullable
  static LocalCopy of(LocalRecoveryConfig config, long checkpointId, UUID instance)
      throws IOException {
    if (!config.isLocalBackupEnabled()) {
      return null;
    }
    LocalSnapshotDirectoryProvider provider =
        config
            .getLocalStateDirectoryProvider()
            .orElseThrow(LocalRecoveryConfig.localRecoveryNotEnabled());
    File directory =
        new File(provider.subtaskSpecificCheckpointDirectory(checkpointId), instance.toString());
    FileUtils.deleteDirectory(directory);
    Files.createDirectories(directory.toPath());
    return new LocalCopy(provider, directory);
  }

  LocalSnapshotDirectoryProvider provider() {
    return provider;
  }

  void add(String path) throws IOException {
    link(Path.of(path), directory.toPath().resolve(Path.of(path).getFileName()));
  }

  /** Of a file that is on this machine, and all of it the handle's. */
  static Optional<Path> pathOf(StreamStateHandle handle) throws IOException {
    if (!(handle instanceof FileStateHandle)) {
      return Optional.empty();
    }
    org.apache.flink.core.fs.Path path = ((FileStateHandle) handle).getFilePath();
    return path.getFileSystem().getUri().equals(LocalFileSystem.getLocalFsURI())
        ? Optional.of(Path.of(path.getPath()))
        : Optional.empty();
  }

  /** Or a copy, where there are no links. Neither file may change from then on. */
  static void link(Path from, Path to) throws IOException {
    try {
      Files.createLink(to, from);
    } catch (UnsupportedOperationException | IOException noLink) {
      Files.copy(from, to);
    }
  }

  DirectoryStateHandle handle() {
    return DirectoryStateHandle.forPathWithSize(directory.toPath());
  }

  void discard() {
    FileUtils.deleteDirectoryQuietly(directory);
  }
}
