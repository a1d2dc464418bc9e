package dev.mlhandoff.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A new folder for a piece of work; closing it deletes it with everything in it. */
public record TemporaryFolder(Path path) implements AutoCloseable {

  /** One where the system keeps its temporary files. */
  public static TemporaryFolder create(String prefix) throws IOException {
    return new TemporaryFolder(Files.createTempDirectory(prefix));
  }

  /** One in a given folder, which is made if it is not there. */
  public static TemporaryFolder in(Path parent, String prefix) throws IOException {
    Files.createDirectories(parent);
    return new TemporaryFolder(Files.createTempDirectory(parent, prefix));
  }

  /** A path of the folder. */
  public Path resolve(String name) {
    return path.resolve(name);
  }

  @Override
  public void close() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(path)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
