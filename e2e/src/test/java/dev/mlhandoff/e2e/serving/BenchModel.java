package dev.mlhandoff.e2e.serving;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.ml.bundle.Calibrator;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.ml.model.ModelFamilies;
import dev.mlhandoff.ml.model.ModelFamily;
import dev.mlhandoff.ml.pipeline.FeaturePipeline;
import dev.mlhandoff.ml.pipeline.PipelineFitter;
import dev.mlhandoff.ml.table.RawTable;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A model over as many features as a project selects, and requests for single rows of it. */
final class BenchModel {

  static final String ID = "bench";

  private static final int ROWS = 4000;
  private static final int NUMBERS = 40;
  private static final int CATEGORIES = 10;
  private static final int FEATURES = 50;
  private static final int DISTINCT = 1000;
  private static final long SEED = 42;

  private final RawTable table;
  private final byte[] bundle;

  BenchModel(String family) {
    SplittableRandom random = new SplittableRandom(SEED);
    RawTable.Builder builder = RawTable.builder(ROWS);
    double[] tendency = new double[ROWS];
    for (int j = 0; j < NUMBERS; j++) {
      double[] values = new double[ROWS];
      for (int i = 0; i < ROWS; i++) {
        values[i] = Math.round(random.nextDouble() * 10_000) / 100.0;
        tendency[i] += j < 8 ? (values[i] - 50) / 40 : 0;
      }
      builder.numeric("number_" + j, values);
    }
    for (int j = 0; j < CATEGORIES; j++) {
      @Nullable String[] values = new @Nullable String[ROWS];
      for (int i = 0; i < ROWS; i++) {
        int category = random.nextInt(6);
        values[i] = "kind " + category;
        tendency[i] += j == 0 ? category - 2.5 : 0;
      }
      builder.categorical("category_" + j, values);
    }
    table = builder.build();
    int[] labels = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      labels[i] = random.nextDouble() < 1 / (1 + Math.exp(-tendency[i])) ? 1 : 0;
    }
    FeaturePipeline pipeline = PipelineFitter.fit(table, labels, FEATURES);
    ModelFamily trainer = ModelFamilies.named(family);
    bundle =
        ModelBundle.of(
                new ModelBundle.Description(
                    1, family, trainer.defaults(), 0.5, "bench", new Calibrator(1, 0), pipeline),
                trainer.train(pipeline.transform(table), labels, trainer.defaults(), SEED),
                table)
            .toBytes(table.select(new int[] {0, 1, 2}));
  }

  byte[] bundle() {
    return bundle;
  }

  /** Requests for one row each. */
  List<byte[]> requests(String path) {
    return IntStream.range(0, DISTINCT)
        .mapToObj(
            row ->
                post(path, Json.write(Map.of("model", ID, "records", List.of(table.record(row))))))
        .toList();
  }

  private static byte[] post(String path, byte[] body) {
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(path, body.length);
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(head.getBytes(US_ASCII));
    request.writeBytes(body);
    return request.toByteArray();
  }
}
