package dev.mlhandoff.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Artifacts in a local folder; for one machine, or a mounted volume. */
public final class FileArtifactStore implements ArtifactStore {

  private final Path root;

  public FileArtifactStore(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  @Override
  public void put(String key, Path content, String mediaType) throws IOException {
    Path target = resolve(key);
    Path unfinished = unfinished(target);
    Files.copy(content, unfinished, StandardCopyOption.REPLACE_EXISTING);
    Files.move(
        unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content, String mediaType) throws IOException {
    Path target = resolve(key);
    Path unfinished = unfinished(target);
    Files.write(unfinished, content);
    try {
      // A hard link is the one file operation that is both atomic and never replaces.
      Files.createLink(target, unfinished);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  @Override
  public Optional<byte[]> find(String key) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(resolve(key)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public List<String> list(String prefix) throws IOException {
    Path folder = resolve(prefix.substring(0, prefix.lastIndexOf('/') + 1));
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString().replace('\\', '/'))
          .filter(key -> key.startsWith(prefix) && !key.contains("/."))
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void delete(String key) throws IOException {
    Files.deleteIfExists(resolve(key));
  }

  @Override
  public String uri(String key) {
    return resolve(key).toUri().toString();
  }

  @Override
  public void copy(String uri, Path target) throws IOException, RejectionException {
    Path source = Path.of(URI.create(uri)).normalize();
    if (!source.startsWith(root)) {
      throw new RejectionException("ARTIFACT_MISSING", uri + " is not in this store", "");
    }
    try {
      Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException e) {
      throw new RejectionException("ARTIFACT_MISSING", "there is no " + uri, "");
    }
  }

  private Path resolve(String key) {
    Path path = root.resolve(key).normalize();
    if (!path.startsWith(root)) {
      throw new IllegalArgumentException("key leaves the store: " + key);
    }
    return path;
  }

  private static Path unfinished(Path target) throws IOException {
    Path folder = target.getParent();
    if (folder == null) {
      throw new IllegalArgumentException("no folder: " + target);
    }
    Files.createDirectories(folder);
    return Files.createTempFile(folder, ".", ".tmp");
  }
}
