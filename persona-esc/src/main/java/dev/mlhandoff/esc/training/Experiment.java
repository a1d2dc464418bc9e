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
import dev.mlhandoff.ml.table.RawTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;

/**
 * Cross-validates trials on given folds, with the feature pipeline fitted inside each; selects by
 * the one-standard-error rule and fits the winner on the whole training part.
 */
public final class Experiment {

  private static final double SUSPICIOUS = 0.99;
  private static final int CALIBRATION_BINS = 10;
  private static final int GOLDEN_ROWS = 20;

  private final TrainingData data;
  private final int topFeatures;
  private final double precisionAtK;
  private final long seed;
  private final int threads;
  private final BiConsumer<Double, String> progress;

  /**
   * @param precisionAtK k as a share of the rows
   * @param threads trials at the same time; each trains on one
   * @param progress told the share of the work that is done, and what was done
   */
  public Experiment(
      TrainingData data,
      int topFeatures,
      double precisionAtK,
      long seed,
      int threads,
      BiConsumer<Double, String> progress) {
    this.data = data;
    this.topFeatures = topFeatures;
    this.precisionAtK = precisionAtK;
    this.seed = seed;
    this.threads = threads;
    this.progress = progress;
  }

  /**
   * What an experiment leaves behind.
   *
   * @param outOfFold probabilities of each trial, in the order of the leaderboard
   * @param calibrated cross-fitted calibrated probabilities of the selected trial
   * @param singleFeature out-of-fold ranking of the best single feature
   */
  @SuppressWarnings("ArrayRecordComponent") // large columns, never compared
  public record Result(
      ExperimentReport report,
      List<double[]> outOfFold,
      double[] calibrated,
      double[] singleFeature,
      byte[] bundle) {}

  /** A fold's fitted input, shared by all trials. */
  @SuppressWarnings("ArrayRecordComponent") // large columns, never compared
  private record Fold(int[] validationRows, float[][] train, float[][] validation, int[] labels) {}

  /** Runs the trials of one attempt. */
  public Result run(int attempt, List<Trial> trials, String featureDigest)
      throws InterruptedException {
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try {
      List<Fold> folds = all(workers, folds());
      progress.accept(0.1, "fitted the feature pipeline in " + folds.size() + " folds");
      List<double[]> predictions = new ArrayList<>();
      List<Callable<double[]>> work = new ArrayList<>();
      for (Trial trial : trials) {
        for (Fold fold : folds) {
          work.add(() -> train(trial, fold));
        }
      }
      int[] shuffled = shuffled(data.labels());
      work.add(() -> train(trials.get(0), fold(0, shuffled)));
      List<double[]> results = allReported(workers, work, trials.size() * folds.size());
      for (int t = 0; t < trials.size(); t++) {
        double[] outOfFold = new double[data.labels().length];
        for (int f = 0; f < folds.size(); f++) {
          scatter(results.get(t * folds.size() + f), folds.get(f).validationRows(), outOfFold);
        }
        predictions.add(outOfFold);
      }
      double[] shuffledScores = results.get(results.size() - 1);
      double shuffledAuc =
          RocAuc.of(shuffledScores, select(shuffled, folds.get(0).validationRows()));
      return judge(attempt, trials, folds, predictions, shuffledAuc, featureDigest);
    } finally {
      workers.shutdownNow();
    }
  }

  private List<Callable<Fold>> folds() {
    List<Callable<Fold>> tasks = new ArrayList<>();
    for (int f = 0; f < data.folds(); f++) {
      int number = f;
      tasks.add(() -> fold(number, data.labels()));
    }
    return tasks;
  }

  /** Fits a fold's pipeline to the given target of all rows; a canary gives a shuffled one. */
  private Fold fold(int number, int[] target) {
    int[] train = data.rows(number, false);
    int[] validation = data.rows(number, true);
    RawTable table = data.table().select(train);
    int[] labels = select(target, train);
    FeaturePipeline pipeline = PipelineFitter.fit(table, labels, topFeatures);
    return new Fold(
        validation,
        PipelineFitter.trainingInput(pipeline, table, labels),
        pipeline.transform(data.table().select(validation)),
        labels);
  }

  private double[] train(Trial trial, Fold fold) {
    return ModelFamilies.named(trial.family())
        .train(fold.train(), fold.labels(), trial.parameters(), seed)
        .probabilities(fold.validation());
  }

  private Result judge(
      int attempt,
      List<Trial> trials,
      List<Fold> folds,
      List<double[]> predictions,
      double shuffledAuc,
      String featureDigest) {
    List<TrialResult> unordered = new ArrayList<>();
    for (int t = 0; t < trials.size(); t++) {
      unordered.add(result(trials.get(t), folds, predictions.get(t)));
    }
    Integer[] order = new Integer[trials.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order,
        Comparator.comparingDouble((Integer i) -> -unordered.get(i).meanAuc())
            .thenComparing(i -> i));
    List<TrialResult> leaderboard = Arrays.stream(order).map(unordered::get).toList();
    List<double[]> ordered = Arrays.stream(order).map(predictions::get).toList();
    Selection selection = Selection.of(leaderboard);
    TrialResult chosen = leaderboard.get(selection.position());
    double[] raw = ordered.get(selection.position());
    double[] calibrated = crossFitted(raw);
    double threshold = Classification.bestF1Threshold(calibrated, data.labels());
    progress.accept(0.9, "selected " + chosen.id() + "; fitting it on the whole training part");
    ModelFamily family = ModelFamilies.named(chosen.family());
    FeaturePipeline pipeline = PipelineFitter.fit(data.table(), data.labels(), topFeatures);
    var model =
        family.train(
            PipelineFitter.trainingInput(pipeline, data.table(), data.labels()),
            data.labels(),
            chosen.parameters(),
            seed);
    ModelBundle bundle =
        ModelBundle.of(
            new ModelBundle.Description(
                1,
                chosen.family(),
                chosen.parameters(),
                threshold,
                featureDigest,
                Calibrator.fit(raw, data.labels()),
                pipeline),
            model);
    double[] single = singleFeature(folds);
    int[] validationLabels = data.labels(folds.get(0).validationRows());
    ExperimentReport report =
        new ExperimentReport(
            attempt,
            seed,
            data.labels().length,
            folds.size(),
            precisionAtK,
            leaderboard,
            chosen.id(),
            selection.justification(),
            threshold,
            "highest F1 on the cross-fitted calibrated out-of-fold probabilities",
            Classification.calibrationError(calibrated, data.labels(), CALIBRATION_BINS),
            RocAuc.of(single, data.labels()),
            shuffledAuc,
            standardErrorOfChance(validationLabels),
            suspicious(pipeline),
            pipeline.features().stream().map(FittedFeature::name).toList());
    int[] golden =
        java.util.stream.IntStream.range(0, Math.min(GOLDEN_ROWS, data.labels().length)).toArray();
    return new Result(
        report, ordered, calibrated, single, bundle.toBytes(data.table().select(golden)));
  }

  private TrialResult result(Trial trial, List<Fold> folds, double[] scores) {
    List<Double> foldAuc = new ArrayList<>();
    for (Fold fold : folds) {
      foldAuc.add(
          RocAuc.of(select(scores, fold.validationRows()), data.labels(fold.validationRows())));
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
    return new TrialResult(
        trial.id(),
        trial.family(),
        trial.parameters(),
        foldAuc,
        mean,
        Math.sqrt(squares / Math.max(1, foldAuc.size() - 1)),
        metrics);
  }

  /** Each fold is calibrated by what the other folds' out-of-fold predictions taught. */
  private double[] crossFitted(double[] scores) {
    double[] calibrated = new double[scores.length];
    for (int f = 0; f < data.folds(); f++) {
      int[] others = data.rows(f, false);
      Calibrator calibrator = Calibrator.fit(select(scores, others), data.labels(others));
      for (int row : data.rows(f, true)) {
        calibrated[row] = calibrator.apply(scores[row]);
      }
    }
    return calibrated;
  }

  /** The best single column of each fold's training rows ranks that fold's validation rows. */
  private double[] singleFeature(List<Fold> folds) {
    double[] ranking = new double[data.labels().length];
    for (Fold fold : folds) {
      double[] train = column(fold.train(), 0);
      double sign = RocAuc.of(train, fold.labels()) >= 0.5 ? 1 : -1;
      double[] validation = column(fold.validation(), 0);
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
      double auc = RocAuc.of(column(rows, j), data.labels());
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

  private List<double[]> allReported(
      ExecutorService workers, List<Callable<double[]>> tasks, int total)
      throws InterruptedException {
    List<Future<double[]>> futures = tasks.stream().map(workers::submit).toList();
    List<double[]> results = new ArrayList<>();
    for (Future<double[]> future : futures) {
      results.add(get(future));
      progress.accept(
          0.1 + 0.8 * Math.min(1, (double) results.size() / total),
          Math.min(results.size(), total) + " of " + total + " fits");
    }
    return results;
  }

  private static <T> List<T> all(ExecutorService workers, List<Callable<T>> tasks)
      throws InterruptedException {
    List<T> results = new ArrayList<>();
    for (Future<T> future : workers.invokeAll(tasks)) {
      results.add(get(future));
    }
    return results;
  }

  private static <T> T get(Future<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a trial failed: " + e.getCause(), e.getCause());
    }
  }

  private static void scatter(double[] from, int[] rows, double[] to) {
    for (int i = 0; i < rows.length; i++) {
      to[rows[i]] = from[i];
    }
  }

  private static double[] select(double[] values, int[] rows) {
    return Arrays.stream(rows).mapToDouble(row -> values[row]).toArray();
  }

  private static int[] select(int[] values, int[] rows) {
    return Arrays.stream(rows).map(row -> values[row]).toArray();
  }

  private static double[] column(float[][] rows, int column) {
    double[] values = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      values[i] = rows[i][column];
    }
    return values;
  }
}
