package dev.mlhandoff.esc.training;

import dev.mlhandoff.ml.bundle.Calibrator;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.ml.metrics.Classification;
import dev.mlhandoff.ml.metrics.RocAuc;
import dev.mlhandoff.ml.model.ModelFamilies;
import dev.mlhandoff.ml.model.ModelFamily;
import dev.mlhandoff.ml.pipeline.FeaturePipeline;
import dev.mlhandoff.ml.pipeline.FittedFeature;
import dev.mlhandoff.ml.pipeline.PipelineFitter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Judges what cross-validation found, selects by the one-standard-error rule and fits the winner on
 * the whole training part.
 */
public final class Experiment {

  private static final double SUSPICIOUS = 0.99;
  private static final int CALIBRATION_BINS = 10;
  private static final int GOLDEN_ROWS = 20;

  private final TrainingData data;
  private final IntFunction<FoldInput> folds;
  private final int topFeatures;
  private final double precisionAtK;
  private final long seed;
  private final int threads;
  private final BiConsumer<Double, String> progress;

  /**
   * @param folds the fitted input of each fold
   * @param precisionAtK k as a share of the rows
   * @param threads models trained at the same time; each trains on one
   * @param progress told the share of the work that is done, and what was done
   */
  public Experiment(
      TrainingData data,
      IntFunction<FoldInput> folds,
      int topFeatures,
      double precisionAtK,
      long seed,
      int threads,
      BiConsumer<Double, String> progress) {
    this.data = data;
    this.folds = folds;
    this.topFeatures = topFeatures;
    this.precisionAtK = precisionAtK;
    this.seed = seed;
    this.threads = threads;
    this.progress = progress;
  }

  /**
   * What an experiment leaves behind.
   *
   * @param outOfFold probabilities of each completed configuration, in the order of the leaderboard
   * @param calibrated cross-fitted calibrated probabilities of the selected one
   * @param singleFeature out-of-fold ranking of the best single feature
   */
  @SuppressWarnings("ArrayRecordComponent") // large columns, never compared
  public record Result(
      ExperimentReport report,
      List<double[]> outOfFold,
      double[] calibrated,
      double[] singleFeature,
      byte[] bundle) {}

  /**
   * Judges one attempt.
   *
   * @param candidates the baseline first, then in the order in which they were proposed
   */
  public Result conclude(
      int attempt,
      List<Candidate> candidates,
      List<Failure> failures,
      Effort effort,
      String featureDigest)
      throws InterruptedException {
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try {
      return conclude(attempt, candidates, failures, effort, featureDigest, workers);
    } finally {
      workers.shutdownNow();
    }
  }

  private Result conclude(
      int attempt,
      List<Candidate> candidates,
      List<Failure> failures,
      Effort effort,
      String featureDigest,
      ExecutorService workers)
      throws InterruptedException {
    List<FoldInput> inputs = IntStream.range(0, data.folds()).mapToObj(folds).toList();
    Future<Double> shuffled = workers.submit(() -> shuffledAuc(inputs.get(0)));
    List<LeaderboardEntry> unordered = candidates.stream().map(this::entry).toList();
    Integer[] order = new Integer[candidates.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order,
        Comparator.comparingDouble((Integer i) -> -unordered.get(i).meanAuc())
            .thenComparing(i -> i));
    List<LeaderboardEntry> leaderboard = Arrays.stream(order).map(unordered::get).toList();
    List<double[]> ordered =
        Arrays.stream(order).map(candidates::get).map(Candidate::outOfFold).toList();
    Selection selection = Selection.of(leaderboard);
    LeaderboardEntry chosen = leaderboard.get(selection.position());
    double[] raw = ordered.get(selection.position());
    double[] calibrated = crossFitted(raw);
    double threshold = Classification.bestF1Threshold(calibrated, data.labels());
    progress.accept(0.9, "selected " + chosen.id() + "; fitting it on the whole training part");
    FeaturePipeline pipeline = PipelineFitter.fit(data.table(), data.labels(), topFeatures);
    ModelBundle bundle = fit(chosen, pipeline, threshold, raw, featureDigest);
    double[] single = singleFeature(inputs);
    List<LeaderboardEntry> all = new ArrayList<>(leaderboard);
    failures.forEach(failure -> all.add(entry(failure)));
    ExperimentReport report =
        new ExperimentReport(
            attempt,
            seed,
            data.labels().length,
            inputs.size(),
            precisionAtK,
            all,
            chosen.id(),
            selection.justification(),
            threshold,
            "highest F1 on the cross-fitted calibrated out-of-fold probabilities",
            Classification.calibrationError(calibrated, data.labels(), CALIBRATION_BINS),
            RocAuc.of(single, data.labels()),
            get(shuffled),
            standardErrorOfChance(data.labels(inputs.get(0).validationRows())),
            suspicious(pipeline),
            pipeline.features().stream().map(FittedFeature::name).toList(),
            effort);
    int[] golden = IntStream.range(0, Math.min(GOLDEN_ROWS, data.labels().length)).toArray();
    return new Result(
        report, ordered, calibrated, single, bundle.toBytes(data.table().select(golden)));
  }

  private static <T> T get(Future<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "a model could not be trained: " + e.getCause(), e.getCause());
    }
  }

  private ModelBundle fit(
      LeaderboardEntry chosen,
      FeaturePipeline pipeline,
      double threshold,
      double[] outOfFold,
      String featureDigest) {
    var model =
        ModelFamilies.named(chosen.family())
            .train(
                PipelineFitter.trainingInput(pipeline, data.table(), data.labels()),
                data.labels(),
                chosen.parameters(),
                seed);
    return ModelBundle.of(
        new ModelBundle.Description(
            1,
            chosen.family(),
            chosen.parameters(),
            threshold,
            featureDigest,
            Calibrator.fit(outOfFold, data.labels()),
            pipeline),
        model);
  }

  /** The baseline on a target that has nothing to do with the features. */
  private double shuffledAuc(FoldInput fold) {
    int[] shuffled = shuffled(data.labels());
    FoldInput input =
        FoldInput.of(data, data.rows(0, false), fold.validationRows(), shuffled, topFeatures);
    ModelFamily baseline = ModelFamilies.named(ModelFamilies.BASELINE);
    double[] scores =
        baseline
            .train(input.training(), input.trainingLabels(), baseline.defaults(), seed)
            .probabilities(input.validation());
    return RocAuc.of(scores, Rows.select(shuffled, fold.validationRows()));
  }

  private static LeaderboardEntry entry(Failure failure) {
    return new LeaderboardEntry(
        failure.configuration().id(),
        failure.configuration().family(),
        failure.configuration().parameters(),
        LeaderboardEntry.Status.FAILED,
        List.of(),
        0,
        0,
        new TreeMap<>(),
        failure.reason());
  }

  private LeaderboardEntry entry(Candidate candidate) {
    double[] scores = candidate.outOfFold();
    List<Double> foldAuc = new ArrayList<>();
    for (int fold = 0; fold < data.folds(); fold++) {
      int[] rows = data.rows(fold, true);
      foldAuc.add(RocAuc.of(Rows.select(scores, rows), data.labels(rows)));
    }
    double mean = foldAuc.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    double squares = foldAuc.stream().mapToDouble(auc -> (auc - mean) * (auc - mean)).sum();
    SortedMap<String, Double> metrics = new TreeMap<>();
    int[] labels = data.labels();
    double threshold = Classification.bestF1Threshold(scores, labels);
    metrics.put("auc_roc", RocAuc.of(scores, labels));
    metrics.put("average_precision", Classification.averagePrecision(scores, labels));
    metrics.put("precision_at_k", Classification.precisionAtK(scores, labels, precisionAtK));
    metrics.put("recall", Classification.recall(scores, labels, threshold));
    metrics.put("f1", Classification.f1(scores, labels, threshold));
    metrics.put("brier", Classification.brier(scores, labels));
    return new LeaderboardEntry(
        candidate.configuration().id(),
        candidate.configuration().family(),
        candidate.configuration().parameters(),
        LeaderboardEntry.Status.COMPLETED,
        foldAuc,
        mean,
        Math.sqrt(squares / Math.max(1, foldAuc.size() - 1)),
        metrics,
        null);
  }

  /** Each fold is calibrated by what the other folds' out-of-fold predictions taught. */
  private double[] crossFitted(double[] scores) {
    double[] calibrated = new double[scores.length];
    for (int f = 0; f < data.folds(); f++) {
      int[] others = data.rows(f, false);
      Calibrator calibrator = Calibrator.fit(Rows.select(scores, others), data.labels(others));
      for (int row : data.rows(f, true)) {
        calibrated[row] = calibrator.apply(scores[row]);
      }
    }
    return calibrated;
  }

  /** The best single column of each fold's training rows ranks that fold's validation rows. */
  private double[] singleFeature(List<FoldInput> inputs) {
    double[] ranking = new double[data.labels().length];
    for (FoldInput fold : inputs) {
      double[] train = Rows.column(fold.training(), 0);
      double sign = RocAuc.of(train, fold.trainingLabels()) >= 0.5 ? 1 : -1;
      double[] validation = Rows.column(fold.validation(), 0);
      for (int i = 0; i < validation.length; i++) {
        ranking[fold.validationRows()[i]] = sign * validation[i];
      }
    }
    return ranking;
  }

  private List<String> suspicious(FeaturePipeline pipeline) {
    float[][] rows = PipelineFitter.trainingInput(pipeline, data.table(), data.labels());
    List<String> found = new ArrayList<>();
    for (int j = 0; j < pipeline.features().size(); j++) {
      double auc = RocAuc.of(Rows.column(rows, j), data.labels());
      if (Math.max(auc, 1 - auc) > SUSPICIOUS) {
        found.add(pipeline.features().get(j).name());
      }
    }
    return found;
  }

  /** Standard error of an AUC that is 0.5 (Hanley and McNeil 1982). */
  private static double standardErrorOfChance(int[] labels) {
    double positives = Arrays.stream(labels).sum();
    double negatives = labels.length - positives;
    return Math.sqrt((positives + negatives + 1) / (12 * positives * negatives));
  }

  private int[] shuffled(int[] labels) {
    int[] copy = labels.clone();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = copy.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int label = copy[i];
      copy[i] = copy[j];
      copy[j] = label;
    }
    return copy;
  }
}
