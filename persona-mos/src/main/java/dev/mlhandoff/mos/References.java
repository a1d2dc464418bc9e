package dev.mlhandoff.mos;

import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.ml.bundle.BundleException;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.ml.table.Kind;
import dev.mlhandoff.ml.table.RawColumn;
import dev.mlhandoff.ml.table.RawTable;
import dev.mlhandoff.mos.monitoring.QualityReference;
import dev.mlhandoff.mos.monitoring.Reference;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.RejectionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Derives from a version's artifacts what its windows are compared with, once for each digest. The
 * features are those of the training part; of a retrained version those of its hold-out, the most
 * recent rows, because its training part mixes the time before the change with the time after it.
 * Scores and quality are what the version itself makes of its hold-out.
 */
final class References {

  /** So many rows are compared with at most; evenly spread in the order of their keys. */
  private static final int ROWS = 20_000;

  private static final int ENOUGH_RECENT = 200;

  private final ArtifactStore artifacts;
  private final Map<String, Watched> known = new ConcurrentHashMap<>();

  References(ArtifactStore artifacts) {
    this.artifacts = artifacts;
  }

  /** What a version is watched by. */
  record Watched(Reference predictions, QualityReference outcomes) {}

  /**
   * The references of a version.
   *
   * @throws BundleException if its bundle cannot be loaded
   * @throws RejectionException if an artifact is not there, or was changed
   */
  Watched of(StageHandoff handoff)
      throws IOException, SQLException, RejectionException, BundleException {
    ArtifactRef bundle = handoff.deliverable(StageIds.TRAINING).artifact("model-bundle");
    ArtifactRef features = handoff.deliverable(StageIds.FEATURE_ENGINEERING).artifact("features");
    String key = bundle.sha256() + features.sha256();
    Watched watched = known.get(key);
    if (watched == null) {
      watched = derive(bundle(bundle), features(features), handoff.parentRunId() != null);
      known.put(key, watched);
    }
    return watched;
  }

  private static Watched derive(ModelBundle bundle, ParquetTable features, boolean retrained) {
    RawTable rows = rows(features, bundle.schema());
    double[] parts = features.numbers("holdout");
    int[] training = positions(parts, 0);
    int[] heldOut = positions(parts, 1);
    if (heldOut.length == 0) {
      heldOut = training;
    }
    RawTable fresh = rows.select(heldOut);
    double[] labels = features.numbers("label");
    int[] outcomes = Arrays.stream(heldOut).map(i -> (int) labels[i]).toArray();
    double[] scores = bundle.probabilities(fresh);
    boolean recent = retrained && heldOut.length >= ENOUGH_RECENT;
    return new Watched(
        new Reference(recent ? fresh : rows.select(training), scores),
        new QualityReference(scores, outcomes));
  }

  private static int[] positions(double[] parts, double part) {
    int[] all = IntStream.range(0, parts.length).filter(i -> parts[i] == part).toArray();
    int rows = Math.min(all.length, ROWS);
    return IntStream.range(0, rows).map(i -> all[(int) ((long) i * all.length / rows)]).toArray();
  }

  private static RawTable rows(ParquetTable features, List<RawColumn> columns) {
    RawTable.Builder table = RawTable.builder(features.rows());
    for (RawColumn column : columns) {
      if (column.kind() == Kind.NUMERIC) {
        table.numeric(column.name(), features.numbers(column.name()));
      } else {
        table.categorical(column.name(), features.texts(column.name()));
      }
    }
    return table.build();
  }

  private ParquetTable features(ArtifactRef ref)
      throws IOException, SQLException, RejectionException {
    Path file = Files.createTempFile("reference", ".parquet");
    try {
      artifacts.fetch(ref, file);
      return ParquetTable.read(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private ModelBundle bundle(ArtifactRef ref)
      throws IOException, RejectionException, BundleException {
    Path file = Files.createTempFile("reference", ".zip");
    try {
      artifacts.fetch(ref, file);
      return ModelBundle.read(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
