package dev.mlhandoff.esc.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlhandoff.ml.bundle.BundleException;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.ml.metrics.RocAuc;
import dev.mlhandoff.ml.table.RawTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentTest {

  private static final int ROWS = 1500;
  private static final int FOLDS = 5;
  private static final List<String> FAMILIES =
      List.of("logistic_regression", "random_forest", "gradient_boosting");

  @TempDir Path directory;

  @Test
  void givesEqualBytesForEqualSeedsWhateverTheThreads() throws InterruptedException {
    Experiment.Result one = new LocalExperiment(signal(), 10, 42).run(FAMILIES, 0, 1);
    Experiment.Result two = new LocalExperiment(signal(), 10, 42).run(FAMILIES, 0, 2);
    assertThat(two.bundle()).isEqualTo(one.bundle());
    assertThat(two.report()).isEqualTo(one.report());
  }

  @Test
  void findsTheSignalAndPrefersTheSimplestOfEquals() throws InterruptedException {
    ExperimentReport report = run(signal()).report();
    assertThat(report.leaderboard()).hasSize(3);
    assertThat(report.leaderboard().get(0).meanAuc()).isGreaterThan(0.8);
    // The target is a logistic function of the features: nothing can beat the baseline by much.
    assertThat(report.selected()).isEqualTo("logistic_regression");
    assertThat(report.suspiciousFeatures()).isEmpty();
  }

  @Test
  void findsNothingInARandomTarget() throws InterruptedException {
    TrainingData data = signal();
    int[] coin = new SplittableRandom(99).ints(ROWS, 0, 2).toArray();
    ExperimentReport report =
        run(new TrainingData(data.table(), coin, data.fold(), data.keys())).report();
    assertThat(report.leaderboard())
        .allSatisfy(trial -> assertThat(trial.meanAuc()).isCloseTo(0.5, within(0.06)));
  }

  @Test
  void scoresChanceOnAShuffledTargetHoweverStrongTheSignal() throws InterruptedException {
    for (long seed = 1; seed <= 5; seed++) {
      ExperimentReport report =
          new LocalExperiment(signal(), 10, seed).run(List.of("logistic_regression")).report();
      assertThat(report.shuffledAuc()).isCloseTo(0.5, within(3 * report.shuffledStandardError()));
    }
  }

  @Test
  void namesAPlantedColumnThoughSomeOfItsLabelsAreFlipped() throws InterruptedException {
    TrainingData data = signal();
    SplittableRandom random = new SplittableRandom(5);
    int[] planted =
        IntStream.of(data.labels()).map(y -> random.nextDouble() < 0.005 ? 1 - y : y).toArray();
    @Nullable String[] words = new @Nullable String[ROWS];
    java.util.Arrays.setAll(words, i -> planted[i] == 1 ? "left" : "stayed");
    RawTable.Builder leaking = RawTable.builder(ROWS);
    leaking.numeric("usage", data.table().numbers("usage"));
    leaking.numeric("closed", IntStream.of(planted).mapToDouble(y -> -y).toArray());
    leaking.categorical("state", words);
    ExperimentReport report =
        run(new TrainingData(leaking.build(), data.labels(), data.fold(), data.keys())).report();

    assertThat(report.suspiciousFeatures()).containsExactly("closed", "state");
    assertThat(report.alarms())
        .allSatisfy(alarm -> assertThat(alarm.value()).isBetween(0.99, 0.9999));
    assertThat(run(signal()).report().alarms()).isEmpty();
  }

  @Test
  void raisesTheAlarmOnAnEntityThatStandsInTwoFolds() throws InterruptedException {
    TrainingData data = signal();
    List<String> keys = new ArrayList<>(data.keys());
    keys.set(1, keys.get(0));
    ExperimentReport report =
        run(new TrainingData(data.table(), data.labels(), data.fold(), keys)).report();

    assertThat(report.alarms())
        .extracting(LeakAlarm::canary)
        .containsExactly("entity_in_two_folds");
  }

  @Test
  void importanceAndLearningCurveShowWhatDecides() throws InterruptedException {
    ExperimentReport report = run(signal()).report();

    assertThat(report.importance().features().get(0).name()).isEqualTo("usage");
    assertThat(report.importance().features().get(0).permutation()).isGreaterThan(0.1);
    assertThat(report.importance().features().stream().mapToDouble(Importance.Feature::model).sum())
        .isCloseTo(1, within(1e-9));
    assertThat(report.learningCurve()).hasSize(3);
    assertThat(report.learningCurve().get(2).meanAuc())
        .isGreaterThan(report.learningCurve().get(0).meanAuc() - 0.01);
  }

  @Test
  void comparesEveryConfigurationWithTheBaselineAndWithTheBestSingleFeature()
      throws InterruptedException {
    for (LeaderboardEntry entry : run(signal()).report().leaderboard()) {
      // A forest that sees two columns has one to split a node by, and learns its noise.
      if (!entry.family().equals("random_forest")) {
        assertThat(java.util.Objects.requireNonNull(entry.againstSingleFeature()).lower())
            .isPositive();
      }
      assertThat(java.util.Objects.requireNonNull(entry.aucInterval()).lower())
          .isLessThan(entry.metrics().get("auc_roc"));
      if (entry.id().equals("logistic_regression")) {
        assertThat(java.util.Objects.requireNonNull(entry.againstBaseline()).pValue()).isEqualTo(1);
      }
    }
  }

  @Test
  void raisesTheAlarmOnAColumnThatGivesTheTargetAway() throws InterruptedException {
    TrainingData data = signal();
    RawTable.Builder leaking = RawTable.builder(ROWS);
    leaking.numeric("leak", IntStream.of(data.labels()).asDoubleStream().toArray());
    leaking.numeric("usage", data.table().numbers("usage"));
    ExperimentReport report =
        run(new TrainingData(leaking.build(), data.labels(), data.fold(), data.keys())).report();
    assertThat(report.suspiciousFeatures()).containsExactly("leak");
    assertThat(report.bestSingleFeatureAuc()).isEqualTo(1);
  }

  @Test
  void writesABundleThatScoresRawRowsAndRefusesAlteredOnes()
      throws InterruptedException, IOException, BundleException {
    TrainingData data = signal();
    Experiment.Result result = run(data);
    Path file = Files.write(directory.resolve("model-bundle.zip"), result.bundle());
    ModelBundle bundle = ModelBundle.read(file);
    double[] scores = bundle.probabilities(data.table());
    assertThat(RocAuc.of(scores, data.labels())).isGreaterThan(0.8);
    assertThat(bundle.probability(data.table().record(17))).isEqualTo(scores[17]);
    assertThat(bundle.probability(java.util.Map.of())).isBetween(0.0, 1.0);
    byte[] truncated = java.util.Arrays.copyOf(result.bundle(), result.bundle().length / 2);
    Path broken = Files.write(directory.resolve("broken.zip"), truncated);
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> ModelBundle.read(broken))
        .isInstanceOf(BundleException.class);
  }

  private static Experiment.Result run(TrainingData data) throws InterruptedException {
    return new LocalExperiment(data, 10, 42).run(FAMILIES);
  }

  private static TrainingData signal() {
    SplittableRandom random = new SplittableRandom(11);
    double[] usage = new double[ROWS];
    double[] age = new double[ROWS];
    @Nullable String[] plan = new @Nullable String[ROWS];
    int[] labels = new int[ROWS];
    int[] fold = new int[ROWS];
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      usage[i] = random.nextGaussian();
      age[i] = random.nextInt(10) == 0 ? Double.NaN : random.nextGaussian();
      plan[i] = random.nextBoolean() ? "monthly" : "yearly";
      double logOdds = 2 * usage[i] + (plan[i].equals("monthly") ? 1 : -1);
      labels[i] = random.nextDouble() < 1 / (1 + Math.exp(-logOdds)) ? 1 : 0;
      fold[i] = i % FOLDS;
      keys.add("customer " + i);
    }
    RawTable table =
        RawTable.builder(ROWS)
            .numeric("usage", usage)
            .numeric("age", age)
            .categorical("plan", plan)
            .build();
    return new TrainingData(table, labels, fold, keys);
  }
}
