package dev.mlhandoff.mos.monitoring;

import dev.mlhandoff.ml.table.RawTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A population to draw from, and what a calibrated model says of it: a normal feature, a skewed one
 * that is sometimes missing, counts with many ties, a constant and a category. Whatever is drawn
 * has the population's distribution.
 */
final class World {

  private static final int POPULATION = 50_000;

  private final SplittableRandom random;
  private final PredictionRecord[] population = new PredictionRecord[POPULATION];

  World(long seed) {
    this.random = new SplittableRandom(seed);
    Arrays.setAll(population, i -> born(i, 0));
  }

  /** What training would have seen of so many rows, and of a quarter as many that it did not. */
  Reference reference(int rows) {
    PredictionRecord[] drawn = draw(rows).toArray(PredictionRecord[]::new);
    @Nullable String[] segment = new @Nullable String[rows];
    Arrays.setAll(segment, i -> String.valueOf(drawn[i].features().get("segment")));
    RawTable.Builder table = RawTable.builder(rows);
    for (String name : List.of("main", "skewed", "count", "constant")) {
      table.numeric(
          name, Arrays.stream(drawn).mapToDouble(row -> number(row.features(), name)).toArray());
    }
    return new Reference(
        table.categorical("segment", segment).build(), probabilities(draw(rows / 4)));
  }

  /** Rows of the population. */
  List<PredictionRecord> draw(int rows) {
    PredictionRecord[] drawn = new PredictionRecord[rows];
    Arrays.setAll(drawn, i -> population[random.nextInt(POPULATION)]);
    return Arrays.asList(drawn);
  }

  /**
   * Rows of a population that has changed.
   *
   * @param shift of the main feature, whose standard deviation is 1
   */
  List<PredictionRecord> drawShifted(int rows, double shift) {
    List<PredictionRecord> drawn = new ArrayList<>(rows);
    for (int i = 0; i < rows; i++) {
      drawn.add(born(i, shift));
    }
    return drawn;
  }

  private PredictionRecord born(long number, double shift) {
    Map<String, @Nullable Object> features = new HashMap<>();
    double main = random.nextGaussian() + shift;
    String segment = "abcd".substring(random.nextInt(4));
    features.put("main", main);
    features.put("skewed", random.nextInt(10) == 0 ? null : Math.exp(random.nextGaussian()));
    features.put("count", random.nextInt(4) * random.nextInt(3));
    features.put("constant", 1);
    features.put("segment", segment);
    double probability = 1 / (1 + Math.exp(-main - segment.length() / 4.0));
    return prediction(number, null, features, probability, random.nextDouble() < probability);
  }

  static PredictionRecord prediction(
      long arrived,
      @Nullable String entity,
      Map<String, @Nullable Object> features,
      double probability,
      boolean outcome) {
    return new PredictionRecord(
        arrived,
        "id-" + arrived,
        "model",
        "1.0.0",
        "production",
        entity,
        features,
        probability,
        probability >= 0.5,
        1.0,
        null,
        false,
        Instant.EPOCH,
        outcome,
        Instant.EPOCH,
        arrived);
  }

  static int[] outcomes(List<PredictionRecord> drawn) {
    return drawn.stream().mapToInt(p -> Boolean.TRUE.equals(p.outcome()) ? 1 : 0).toArray();
  }

  static double[] probabilities(List<PredictionRecord> drawn) {
    return drawn.stream().mapToDouble(PredictionRecord::probability).toArray();
  }

  private static double number(Map<String, @Nullable Object> features, String name) {
    return features.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
  }
}
