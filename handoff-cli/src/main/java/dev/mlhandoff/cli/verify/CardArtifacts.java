package dev.mlhandoff.cli.verify;

import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Artifacts of a card, each read once and checked by its digest. They are found by their key, so
 * that a copy of the store may be looked at instead of the store that the card names.
 */
public final class CardArtifacts implements AutoCloseable {

  private static final String ROOT = "/runs/";

  private final ArtifactStore store;
  private final TemporaryFolder folder;
  private final Map<ArtifactRef, Path> fetched = new HashMap<>();

  public CardArtifacts(ArtifactStore store) throws IOException {
    this.store = store;
    this.folder = TemporaryFolder.create("verify");
  }

  /**
   * A local copy.
   *
   * @throws RejectionException ARTIFACT_MISSING or ARTIFACT_CORRUPT
   */
  Path fetch(ArtifactRef ref) throws IOException, RejectionException {
    Path known = fetched.get(ref);
    if (known != null) {
      return known;
    }
    Path target = Files.createTempFile(folder.path(), "artifact", ".tmp");
    store.fetch(
        new ArtifactRef(store.uri(key(ref)), ref.sha256(), ref.bytes(), ref.mediaType()), target);
    fetched.put(ref, target);
    return target;
  }

  /** The bytes under a key of the store. */
  Optional<byte[]> find(String key) throws IOException {
    return store.find(key);
  }

  JsonNode json(ArtifactRef ref) throws IOException, RejectionException {
    try {
      return Json.tree(Files.readAllBytes(fetch(ref)));
    } catch (JacksonException e) {
      throw new RejectionException("ARTIFACT_CORRUPT", ref.uri() + " is not JSON", "");
    }
  }

  ParquetTable table(ArtifactRef ref) throws IOException, RejectionException {
    try {
      return ParquetTable.read(fetch(ref));
    } catch (SQLException e) {
      throw new RejectionException("ARTIFACT_CORRUPT", ref.uri() + " is not Parquet", "");
    }
  }

  private static String key(ArtifactRef ref) throws RejectionException {
    int start = ref.uri().indexOf(ROOT);
    if (start < 0) {
      throw new RejectionException(
          "ARTIFACT_MISSING", ref.uri() + " is no address of a run's artifact", "");
    }
    return ref.uri().substring(start + 1);
  }

  @Override
  public void close() throws IOException {
    folder.close();
  }
}
