package dev.mlhandoff.esc.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mlhandoff.ml.table.RawTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The public Telco churn data against what scikit-learn reaches on it in stratified 5-fold. */
class TelcoReferenceTest {

  static final String FILE = "WA_Fn-UseC_-Telco-Customer-Churn.csv";
  private static final List<String> NUMERIC = List.of("tenure", "MonthlyCharges", "TotalCharges");
  private static final Map<String, Double> REFERENCE =
      Map.of("logistic_regression", 0.845, "random_forest", 0.844, "gradient_boosting", 0.846);

  @Test
  void reachesTheReferenceFiguresOfAllFamilies() throws IOException, InterruptedException {
    Path file = ReferenceData.find(FILE);
    assumeTrue(file != null, "the Telco data set is not on this machine");
    ExperimentReport report =
        new LocalExperiment(read(file), 50, 42).run(List.copyOf(REFERENCE.keySet())).report();
    Map<String, Double> reached =
        report.leaderboard().stream()
            .collect(Collectors.toMap(LeaderboardEntry::family, LeaderboardEntry::meanAuc));
    assertThat(reached).containsOnlyKeys(REFERENCE.keySet());
    REFERENCE.forEach(
        (family, auc) -> assertThat(reached.get(family)).as(family).isCloseTo(auc, within(0.01)));
    assertThat(report.calibrationError()).isLessThan(0.03);
    assertThat(report.shuffledAuc()).isCloseTo(0.5, within(3 * report.shuffledStandardError()));
    assertThat(report.suspiciousFeatures()).isEmpty();
  }

  static TrainingData read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    List<String> names = List.of(lines.get(0).split(",", -1));
    List<String[]> rows =
        lines.stream()
            .skip(1)
            .filter(line -> !line.isBlank())
            .map(line -> line.split(",", -1))
            .toList();
    int last = names.size() - 1;
    RawTable.Builder builder = RawTable.builder(rows.size());
    for (int column = 1; column < last; column++) {
      int position = column;
      if (NUMERIC.contains(names.get(column))) {
        builder.numeric(
            names.get(column),
            rows.stream()
                .map(row -> row[position].trim())
                .mapToDouble(text -> text.isEmpty() ? Double.NaN : Double.parseDouble(text))
                .toArray());
      } else {
        @Nullable String[] values = rows.stream().map(row -> row[position]).toArray(String[]::new);
        builder.categorical(names.get(column), values);
      }
    }
    int[] labels = rows.stream().mapToInt(row -> row[last].equals("Yes") ? 1 : 0).toArray();
    return new TrainingData(
        builder.build(), labels, stratified(labels), rows.stream().map(row -> row[0]).toList());
  }

  private static int[] stratified(int[] labels) {
    int[] fold = new int[labels.length];
    Random random = new Random(42);
    for (int wanted = 0; wanted <= 1; wanted++) {
      List<Integer> rows = new ArrayList<>();
      for (int i = 0; i < labels.length; i++) {
        if (labels[i] == wanted) {
          rows.add(i);
        }
      }
      Collections.shuffle(rows, random);
      for (int i = 0; i < rows.size(); i++) {
        fold[rows.get(i)] = i % 5;
      }
    }
    return fold;
  }
}
