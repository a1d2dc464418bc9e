package dev.mlhandoff.esc.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mlhandoff.esc.training.ReferenceData.Divided;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.ml.metrics.Classification;
import dev.mlhandoff.ml.metrics.ResampledTest;
import dev.mlhandoff.ml.table.RawTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The selected model of two public data sets: how well it ranks, and how true its figures are. */
class RealDatasetsTest {

  private static final List<String> FAMILIES =
      List.of("logistic_regression", "random_forest", "gradient_boosting");
  private static final int BINS = 10;

  @TempDir Path folder;

  @Test
  void telco() throws Exception {
    Path file = ReferenceData.find(TelcoReferenceTest.FILE);
    assumeTrue(file != null, "the Telco data set is not on this machine");
    TrainingData all = TelcoReferenceTest.read(file);
    judge(ReferenceData.divide(all.table(), all.labels()), 0.835);
  }

  @Test
  void cdnow() throws Exception {
    Path file = ReferenceData.find("CDNOW_master.txt");
    assumeTrue(file != null, "the CDNOW data set is not on this machine");
    judge(purchases(file), 0.762);
  }

  @Test
  void searchDoesNotLoseWhatTheDefaultsFound() throws Exception {
    Path file = ReferenceData.find(TelcoReferenceTest.FILE);
    assumeTrue(file != null, "the Telco data set is not on this machine");
    TrainingData all = TelcoReferenceTest.read(file);
    TrainingData data = ReferenceData.divide(all.table(), all.labels()).training();
    ExperimentReport plain = new LocalExperiment(data, 50, 42).run(FAMILIES).report();
    ExperimentReport searched = new LocalExperiment(data, 50, 42).run(FAMILIES, 2, 1).report();

    assertThat(searched.leaderboard()).hasSize(9);
    ResampledTest difference =
        ResampledTest.of(
            searched.leaderboard().get(0).foldAuc(), plain.leaderboard().get(0).foldAuc());
    assertThat(difference.difference()).isGreaterThanOrEqualTo(-difference.standardError());
  }

  private void judge(Divided data, double lowest) throws Exception {
    Experiment.Result result = new LocalExperiment(data.training(), 50, 42).run(FAMILIES);
    ExperimentReport report = result.report();
    LeaderboardEntry selected =
        report.leaderboard().stream()
            .filter(entry -> entry.id().equals(report.selected()))
            .findFirst()
            .orElseThrow();
    assertThat(selected.meanAuc()).isGreaterThanOrEqualTo(lowest);
    assertThat(report.calibrationError()).isLessThan(0.03);
    assertThat(report.alarms()).isEmpty();
    ModelBundle bundle =
        ModelBundle.read(Files.write(folder.resolve("bundle.zip"), result.bundle()));
    double[] heldOut = bundle.probabilities(data.heldOut());
    double error = Classification.calibrationError(heldOut, data.heldOutLabels(), BINS);
    double limit = calibratedQuantile(heldOut, 7);
    System.out.printf(
        "selected %s: mean AUC %.4f, best %.4f, ECE %.4f, hold-out ECE %.4f (99 %% limit %.4f)%n",
        selected.id(),
        selected.meanAuc(),
        report.leaderboard().get(0).meanAuc(),
        report.calibrationError(),
        error,
        limit);
    assertThat(error).isLessThan(limit);
  }

  /** 99 % quantile of the calibration error if every probability were true. */
  private static double calibratedQuantile(double[] probabilities, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] errors = new double[1000];
    int[] labels = new int[probabilities.length];
    for (int i = 0; i < errors.length; i++) {
      for (int j = 0; j < labels.length; j++) {
        labels[j] = random.nextDouble() < probabilities[j] ? 1 : 0;
      }
      errors[i] = Classification.calibrationError(probabilities, labels, BINS);
    }
    Arrays.sort(errors);
    return errors[989];
  }

  /** Purchases up to 1997-09-30 as features; the label is none in the 273 days after. */
  private static Divided purchases(Path file) throws IOException {
    LocalDate cutoff = LocalDate.of(1997, 9, 30);
    Map<String, List<String[]>> byCustomer =
        Files.readAllLines(file).stream()
            .skip(1)
            .map(line -> line.trim().split(" +"))
            .filter(part -> part.length == 4)
            .collect(Collectors.groupingBy(part -> part[0], TreeMap::new, Collectors.toList()));
    List<double[]> rows = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (List<String[]> purchases : byCustomer.values()) {
      double[] days = purchases.stream().mapToDouble(part -> daysBefore(part[1], cutoff)).toArray();
      double[] amounts =
          purchases.stream().mapToDouble(part -> Double.parseDouble(part[3])).toArray();
      int[] past = past(days);
      if (past.length == 0) {
        continue;
      }
      rows.add(features(Rows.select(days, past), Rows.select(amounts, past)));
      labels.add(Arrays.stream(days).anyMatch(day -> day < 0 && day >= -273) ? 0 : 1);
    }
    String[] names = {
      "recency",
      "tenure",
      "purchases",
      "amount",
      "mean_amount",
      "max_amount",
      "recent_90",
      "recent_180",
      "mean_gap",
      "recency_over_gap",
      "last_amount"
    };
    RawTable.Builder builder = RawTable.builder(rows.size());
    for (int column = 0; column < names.length; column++) {
      int at = column;
      builder.numeric(names[column], rows.stream().mapToDouble(row -> row[at]).toArray());
    }
    return ReferenceData.divide(
        builder.build(), labels.stream().mapToInt(Integer::intValue).toArray());
  }

  private static double daysBefore(String date, LocalDate cutoff) {
    return ChronoUnit.DAYS.between(LocalDate.parse(date, DateTimeFormatter.BASIC_ISO_DATE), cutoff);
  }

  private static int[] past(double[] days) {
    return java.util.stream.IntStream.range(0, days.length).filter(i -> days[i] >= 0).toArray();
  }

  private static double[] features(double[] days, double[] amounts) {
    double recency = Arrays.stream(days).min().orElse(0);
    double tenure = Arrays.stream(days).max().orElse(0);
    double sum = Arrays.stream(amounts).sum();
    double gap = days.length < 2 ? Double.NaN : (tenure - recency) / (days.length - 1);
    return new double[] {
      recency,
      tenure,
      days.length,
      sum,
      sum / days.length,
      Arrays.stream(amounts).max().orElse(0),
      Arrays.stream(days).filter(day -> day <= 90).count(),
      Arrays.stream(days).filter(day -> day <= 180).count(),
      gap,
      recency / (gap + 1),
      amounts[amounts.length - 1]
    };
  }
}
