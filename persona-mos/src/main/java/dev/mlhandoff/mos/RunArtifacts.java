package dev.mlhandoff.mos;

import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.StageKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads artifacts into a folder, and writes those of a run under their digests. */
final class RunArtifacts {

  private final ArtifactStore store;
  private final Path folder;
  private final String runId;

  RunArtifacts(ArtifactStore store, Path folder, String runId) {
    this.store = store;
    this.folder = folder;
    this.runId = runId;
  }

  /** An empty file in the folder. */
  Path newFile() throws IOException {
    return Files.createTempFile(folder, "artifact", ".tmp");
  }

  /** A local copy whose digest has been checked. */
  Path fetch(ArtifactRef ref) throws IOException, RejectionException {
    Path target = newFile();
    store.fetch(ref, target);
    return target;
  }

  byte[] read(ArtifactRef ref) throws IOException, RejectionException {
    return store.read(ref);
  }

  ArtifactRef write(String stage, String name, Path content, String mediaType) throws IOException {
    String digest = Digests.sha256(content);
    String key = StageKeys.folder(runId, stage, 1) + digest.substring(0, 16) + "/" + name;
    store.put(key, content, mediaType);
    return new ArtifactRef(store.uri(key), digest, Files.size(content), mediaType);
  }

  ArtifactRef writeJson(String stage, String name, Object content) throws IOException {
    Path file = newFile();
    Files.write(file, Json.writePretty(content));
    return write(stage, name, file, "application/json");
  }
}
