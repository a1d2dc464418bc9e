package dev.mlhandoff.esc;

import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.esc.training.FoldInput;
import dev.mlhandoff.esc.training.TrainingData;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.StageContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The feature tables that this process trains on, and the fitted input of their folds: a hundred
 * trials fetch and fit once. Only the latest few are kept.
 */
final class TrainingTables {

  private static final int KEPT = 2;

  private final Map<String, Prepared> prepared = new LinkedHashMap<>(4, 0.75f, true);

  /** A table, and its folds as they are asked for. */
  static final class Prepared {
    private final TrainingData data;
    private final Map<String, FoldInput> folds = new ConcurrentHashMap<>();

    Prepared(TrainingData data) {
      this.data = data;
    }

    TrainingData data() {
      return data;
    }

    /** The fitted input of a fold; whoever asks meanwhile waits for the first. */
    FoldInput fold(int fold, int topFeatures) {
      return folds.computeIfAbsent(
          fold + "/" + topFeatures, key -> FoldInput.of(data, fold, topFeatures));
    }
  }

  /** The table with this digest, fetched if this process does not hold it. */
  synchronized Prepared get(ArtifactRef features, StageContext context) throws Exception {
    Prepared held = prepared.get(features.sha256());
    if (held != null) {
      return held;
    }
    Path file = context.fetch(features);
    try {
      Prepared read = new Prepared(TrainingData.of(ParquetTable.read(file)));
      prepared.put(features.sha256(), read);
      if (prepared.size() > KEPT) {
        prepared.remove(prepared.keySet().iterator().next());
      }
      return read;
    } catch (IllegalArgumentException e) {
      throw new RejectionException("INVALID_HANDOFF", String.valueOf(e.getMessage()), "/dataset");
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
