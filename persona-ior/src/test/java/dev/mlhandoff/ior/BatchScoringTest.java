package dev.mlhandoff.ior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.ior.serving.DeviationPolicy;
import dev.mlhandoff.ior.serving.RecordValidator;
import dev.mlhandoff.ior.serving.ServingModel;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.BatchManifest;
import dev.mlhandoff.messages.BatchManifest.Part;
import dev.mlhandoff.messages.BatchOrder;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.runtime.FileArtifactStore;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.TransientException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a batch holds, and what becomes of one that was interrupted. */
class BatchScoringTest {

  private static final Instant WRITTEN = Instant.parse("2026-01-05T02:00:00Z");
  private static final BatchOrder ORDER =
      new BatchOrder(
          "churn",
          "1.0.0",
          "run-0000000000000001",
          LocalDate.of(2026, 1, 5),
          new ArtifactRef("s3://handoff/bundle", "0".repeat(64), 1, "application/zip"),
          Bundles.FEATURE_DIGEST,
          "test",
          WRITTEN);

  @TempDir private Path folder;
  private final Customers customers = new Customers(25);

  /** What FAR wrote, in the order of the keys; reading it can fail. */
  private static final class Customers implements CurrentEntities {
    private final TreeMap<String, OnlineFeatures.Row> rows = new TreeMap<>();
    private final List<String> reads = new ArrayList<>();
    private int failingRead = -1;
    private Runnable duringTheFirstRead = () -> {};

    private Customers(int count) {
      for (int i = 0; i < count; i++) {
        put("C%03d".formatted(i), Map.of("x", i), false);
      }
    }

    private void put(String key, Map<String, Object> features, boolean stale) {
      rows.put(key, new OnlineFeatures.Row(new HashMap<>(features), WRITTEN, stale));
    }

    @Override
    public List<Entity> after(ServingModel model, @Nullable String key, int limit) {
      if (reads.size() == failingRead) {
        failingRead = -1;
        throw new TransientException("the power is gone", null);
      }
      reads.add(String.valueOf(key));
      Runnable first = duringTheFirstRead;
      duringTheFirstRead = () -> {};
      List<Entity> found =
          (key == null ? rows : rows.tailMap(key, false))
              .entrySet().stream()
                  .limit(limit)
                  .map(row -> new Entity(row.getKey(), row.getValue()))
                  .toList();
      first.run();
      return found;
    }
  }

  private @Nullable ServingModel model;

  @BeforeEach
  void readModel() throws Exception {
    Path file = Files.write(folder.resolve("bundle.zip"), Bundles.ofOneNumber());
    ModelBundle bundle = ModelBundle.read(file);
    model =
        new ServingModel(
            "churn",
            "1.0.0",
            bundle,
            Bundles.FEATURE_DIGEST,
            RecordValidator.of(bundle, DeviationPolicy.LENIENT));
  }

  @Test
  void anInterruptedBatchGoesOnBehindItsLastPartAndIsTheSameInTheEnd() throws Exception {
    BatchManifest whole = score("whole", 10);
    customers.reads.clear();
    customers.failingRead = 2;
    assertThatThrownBy(() -> score("interrupted", 10)).isInstanceOf(TransientException.class);
    assertThat(store("interrupted").find(ORDER.folder() + BatchManifest.FILE)).isEmpty();
    assertThat(customers.reads).containsExactly("null", "C009");

    BatchManifest resumed = score("interrupted", 10);

    assertThat(customers.reads).containsExactly("null", "C009", "C019", "C024");
    assertThat(resumed.predictionsDigest()).isEqualTo(whole.predictionsDigest());
    assertThat(resumed.parts())
        .extracting(part -> part.file().sha256())
        .isEqualTo(whole.parts().stream().map(part -> part.file().sha256()).toList());
    assertThat(resumed.rows()).isEqualTo(25);
    assertThat(score("sevens", 7).predictionsDigest()).isEqualTo(whole.predictionsDigest());
  }

  @Test
  void ofTwoThatScoreThePartTheFirstOnesCounts() throws Exception {
    customers.duringTheFirstRead =
        () -> {
          // The slower one has read the old row; the other ends with this part, before the next.
          customers.put("C003", Map.of("x", 39), false);
          customers.failingRead = 2;
          assertThatThrownBy(() -> score("shared", 10)).isInstanceOf(TransientException.class);
        };
    BatchManifest batch = score("shared", 10);
    assertThat(batch.rows()).isEqualTo(25);
    assertThat(probabilities("shared", batch.parts().get(0))[3])
        .isEqualTo(model().bundle().probability(Map.of("x", 39)));
  }

  @Test
  void whatBreaksARuleIsKeptWithoutAProbabilityAndWhatIsStaleIsSaidToBe() throws Exception {
    customers.rows.clear();
    customers.put("A", Map.of("x", 30), true);
    customers.put("B", Map.of("x", "many"), false);
    customers.put("C", Map.of("x", 500), false);
    BatchManifest batch = score("rules", 10);

    assertThat(batch)
        .extracting(BatchManifest::rows, BatchManifest::stale, BatchManifest::refused)
        .containsExactly(3L, 1L, 1L);
    ParquetTable table = table("rules", batch.parts().get(0));
    assertThat(table.texts("entity_key")).containsExactly("A", "B", "C");
    assertThat(table.numbers("stale")).containsExactly(1, 0, 0);
    double[] probability = table.numbers("probability");
    assertThat(probability[0]).isEqualTo(model().bundle().probability(Map.of("x", 30)));
    assertThat(probability[1]).isNaN();
    assertThat(table.texts("violations")[1]).contains("\"rule\":\"type\"");
    assertThat(table.texts("warnings")[2]).contains("\"rule\":\"range\"");
    assertThat(table.texts("warnings")[0]).isNull();
  }

  @Test
  void aPartThatWasChangedIsNoticedAndNoEntityIsNoBatch() throws Exception {
    BatchManifest batch = score("changed", 10);
    FileArtifactStore store = store("changed");
    store.delete(ORDER.folder() + BatchManifest.FILE);
    Path part = Path.of(java.net.URI.create(batch.parts().get(1).file().uri()));
    Files.write(part, new byte[] {1});
    assertThatThrownBy(() -> score("changed", 10))
        .isInstanceOf(RejectionException.class)
        .hasMessageContaining("digest");

    customers.rows.clear();
    assertThatThrownBy(() -> score("nobody", 10))
        .isInstanceOfSatisfying(
            RejectionException.class, e -> assertThat(e.code()).isEqualTo("EMPTY_DATASET"));
  }

  private BatchManifest score(String name, int partRows) throws Exception {
    return new BatchScoring(store(name), customers, partRows)
        .score(ORDER, model(), Files.createTempDirectory(folder, "work"), () -> {});
  }

  private double[] probabilities(String name, Part part) throws Exception {
    return table(name, part).numbers("probability");
  }

  private ParquetTable table(String name, Part part) throws Exception {
    Path file = folder.resolve(name + ".parquet");
    store(name).fetch(part.file(), file);
    return ParquetTable.read(file);
  }

  private FileArtifactStore store(String name) {
    return new FileArtifactStore(folder.resolve(name));
  }

  private ServingModel model() {
    return java.util.Objects.requireNonNull(model);
  }
}
