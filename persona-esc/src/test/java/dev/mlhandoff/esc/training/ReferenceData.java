package dev.mlhandoff.esc.training;

import dev.mlhandoff.ml.table.RawTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Public data sets, where this machine has them, divided as the data pipeline divides. */
final class ReferenceData {

  private static final int FOLDS = 5;
  private static final double HOLD_OUT = 0.2;

  private ReferenceData() {}

  /** A training part with folds, and rows that training never sees. */
  @SuppressWarnings("ArrayRecordComponent") // large columns, never compared
  record Divided(TrainingData training, RawTable heldOut, int[] heldOutLabels) {}

  static @Nullable Path find(String name) {
    String configured =
        System.getProperty(
            "handoff.datasets", System.getenv().getOrDefault("HANDOFF_DATASETS", ""));
    if (!configured.isEmpty()) {
      Path file = Path.of(configured, name);
      return Files.exists(file) ? file : null;
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path file = at.resolve("shared/data").resolve(name);
      if (Files.exists(file)) {
        return file;
      }
    }
    return null;
  }

  /** A stratified fifth is held out; the rest has stratified folds. Seed 42. */
  static Divided divide(RawTable table, int[] labels) {
    int[] place = new int[labels.length];
    Random random = new Random(42);
    for (int wanted = 0; wanted <= 1; wanted++) {
      int label = wanted;
      List<Integer> rows =
          new ArrayList<>(
              IntStream.range(0, labels.length).filter(i -> labels[i] == label).boxed().toList());
      Collections.shuffle(rows, random);
      int held = (int) (HOLD_OUT * rows.size());
      for (int i = 0; i < rows.size(); i++) {
        place[rows.get(i)] = i < held ? -1 : i % FOLDS;
      }
    }
    int[] inside = IntStream.range(0, labels.length).filter(i -> place[i] >= 0).toArray();
    int[] outside = IntStream.range(0, labels.length).filter(i -> place[i] < 0).toArray();
    return new Divided(
        new TrainingData(
            table.select(inside),
            Rows.select(labels, inside),
            Rows.select(place, inside),
            IntStream.of(inside).mapToObj(row -> "row " + row).toList()),
        table.select(outside),
        Rows.select(labels, outside));
  }
}
