package dev.mlhandoff.runtime;

import dev.mlhandoff.messages.ArtifactRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where everything large lives. Keys are relative, with {@code /} between the parts. */
public interface ArtifactStore {

  /** Stores a file under a key, replacing what was there. */
  void put(String key, Path content, String mediaType) throws IOException;

  /**
   * Stores bytes only if nothing has the key yet.
   *
   * @return false if somebody else was first
   */
  boolean putIfAbsent(String key, byte[] content, String mediaType) throws IOException;

  /** The bytes under a key, if there are any. */
  Optional<byte[]> find(String key) throws IOException;

  /** The keys that begin with a prefix, in order. */
  List<String> list(String prefix) throws IOException;

  /** Removes a key; nothing happens if it is not there. */
  void delete(String key) throws IOException;

  /** The address of a key, as it stands in references. */
  String uri(String key);

  /** Copies what an address names to a file, without looking at it. */
  void copy(String uri, Path target) throws IOException, RejectionException;

  /**
   * Copies an artifact to a file and checks its digest.
   *
   * @throws RejectionException ARTIFACT_MISSING or ARTIFACT_CORRUPT
   */
  default void fetch(ArtifactRef ref, Path target) throws IOException, RejectionException {
    copy(ref.uri(), target);
    if (!Digests.sha256(target).equals(ref.sha256())) {
      Files.delete(target);
      throw new RejectionException(
          "ARTIFACT_CORRUPT", "the content of " + ref.uri() + " does not have its digest", "");
    }
  }

  /** Reads a small artifact and checks its digest. */
  default byte[] read(ArtifactRef ref) throws IOException, RejectionException {
    Path copy = Files.createTempFile("artifact", ".tmp");
    try {
      fetch(ref, copy);
      return Files.readAllBytes(copy);
    } finally {
      Files.deleteIfExists(copy);
    }
  }
}
