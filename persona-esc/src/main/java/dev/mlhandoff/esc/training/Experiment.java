package dev.mlhandoff.esc.training;

import dev.mlhandoff.ml.bundle.Calibrator;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.ml.metrics.Classification;
import dev.mlhandoff.ml.metrics.RocAuc;
import dev.mlhandoff.ml.model.Model;
import dev.mlhandoff.ml.model.ModelFamilies;
import dev.mlhandoff.ml.pipeline.FeaturePipeline;
import dev.mlhandoff.ml.pipeline.FittedFeature;
import dev.mlhandoff.ml.pipeline.PipelineFitter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Judges what cross-validation found, selects by the one-standard-error rule and fits the winner on
 * the whole training part.
 */
public final class Experiment {

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

  /** A line of the leaderboard beside the predictions that it was computed from. */
  private record Judged(LeaderboardEntry entry, Candidate candidate) {}

  /**
   * Judges one attempt.
   *
   * @param candidates the baseline first, then in the order in which they were proposed
   * @param sources columns of the data that each candidate feature is computed from
   */
  public Result conclude(
      int attempt,
      List<Candidate> candidates,
      List<Failure> failures,
      Effort effort,
      String featureDigest,
      Map<String, List<String>> sources)
      throws InterruptedException {
    try (Workers workers = new Workers(threads)) {
      double[] single = singleFeature();
      List<Judged> judged = judge(candidates, single, workers);
      List<LeaderboardEntry> leaderboard =
          new ArrayList<>(judged.stream().map(Judged::entry).toList());
      Selection selection = Selection.of(leaderboard);
      Judged chosen = judged.get(selection.position());
      progress.accept(0.85, "selected " + chosen.entry().id() + "; looking into it");
      FeaturePipeline pipeline = PipelineFitter.fit(data.table(), data.labels(), topFeatures);
      CrossFitting fitted = CrossFitting.of(data, chosen.candidate().outOfFold());
      double threshold = Classification.bestF1Threshold(fitted.calibrated(), data.labels());
      Configuration configuration = chosen.candidate().configuration();
      Model model = fit(configuration, pipeline);
      List<LearningCurve.Point> curve = learningCurve(chosen.entry(), configuration, workers);
      progress.accept(0.92, "learning curve of " + chosen.entry().id());
      Importance importance = importance(configuration, pipeline, model, workers);
      LeakCanaries canaries = LeakCanaries.of(data, topFeatures, seed, sources);
      failures.forEach(failure -> leaderboard.add(Leaderboard.entry(failure)));
      ExperimentReport report =
          new ExperimentReport(
              attempt,
              seed,
              data.labels().length,
              data.folds(),
              precisionAtK,
              leaderboard,
              chosen.entry().id(),
              selection.justification(),
              threshold,
              CrossFitting.THRESHOLD_RULE,
              Classification.calibrationError(
                  fitted.calibrated(), data.labels(), Leaderboard.CALIBRATION_BINS),
              RocAuc.of(single, data.labels()),
              canaries.shuffledAuc(),
              canaries.shuffledStandardError(),
              canaries.alarms().stream()
                  .filter(alarm -> alarm.feature() != null)
                  .map(LeakAlarm::feature)
                  .toList(),
              pipeline.features().stream().map(FittedFeature::name).toList(),
              effort,
              CrossFitting.CALIBRATOR,
              fitted.foldThresholds(),
              curve,
              importance,
              canaries.alarms());
      return new Result(
          report,
          judged.stream().map(each -> each.candidate().outOfFold()).toList(),
          fitted.calibrated(),
          single,
          bundle(configuration, pipeline, model, threshold, chosen, featureDigest));
    }
  }

  /** The best mean first; of equals, what was proposed first. */
  private List<Judged> judge(List<Candidate> candidates, double[] single, Workers workers)
      throws InterruptedException {
    Leaderboard leaderboard =
        new Leaderboard(data, precisionAtK, seed, candidates.get(0).outOfFold(), single);
    List<Callable<Judged>> parts = new ArrayList<>();
    for (Candidate candidate : candidates) {
      parts.add(() -> new Judged(leaderboard.entry(candidate), candidate));
    }
    return workers.all(parts).stream()
        .sorted(Comparator.comparingDouble((Judged each) -> -each.entry().meanAuc()))
        .toList();
  }

  private Model fit(Configuration configuration, FeaturePipeline pipeline) {
    return ModelFamilies.named(configuration.family())
        .train(
            PipelineFitter.trainingInput(pipeline, data.table(), data.labels()),
            data.labels(),
            configuration.parameters(),
            seed);
  }

  private byte[] bundle(
      Configuration configuration,
      FeaturePipeline pipeline,
      Model model,
      double threshold,
      Judged chosen,
      String featureDigest) {
    int[] golden = IntStream.range(0, Math.min(GOLDEN_ROWS, data.labels().length)).toArray();
    return ModelBundle.of(
            new ModelBundle.Description(
                1,
                configuration.family(),
                configuration.parameters(),
                threshold,
                featureDigest,
                Calibrator.fit(chosen.candidate().outOfFold(), data.labels()),
                pipeline),
            model,
            data.table())
        .toBytes(data.table().select(golden));
  }

  private List<LearningCurve.Point> learningCurve(
      LeaderboardEntry chosen, Configuration configuration, Workers workers)
      throws InterruptedException {
    List<Callable<Double>> parts = new ArrayList<>();
    for (double share : LearningCurve.SHARES) {
      for (int fold = 0; fold < data.folds(); fold++) {
        int left = fold;
        parts.add(() -> LearningCurve.auc(data, left, share, configuration, topFeatures, seed));
      }
    }
    List<Double> reached = workers.all(parts);
    int rows = data.labels().length - data.labels().length / data.folds();
    List<LearningCurve.Point> points = new ArrayList<>();
    for (int i = 0; i < LearningCurve.SHARES.length; i++) {
      double share = LearningCurve.SHARES[i];
      List<Double> folds = reached.subList(i * data.folds(), (i + 1) * data.folds());
      points.add(
          new LearningCurve.Point(
              share,
              LearningCurve.rows(rows, share),
              Leaderboard.mean(folds),
              Leaderboard.spread(folds)));
    }
    points.add(new LearningCurve.Point(1, rows, chosen.meanAuc(), chosen.spread()));
    return points;
  }

  private Importance importance(
      Configuration configuration, FeaturePipeline pipeline, Model model, Workers workers)
      throws InterruptedException {
    List<Callable<Map<String, Double>>> parts = new ArrayList<>();
    for (int fold = 0; fold < data.folds(); fold++) {
      FoldInput input = folds.apply(fold);
      parts.add(
          () -> Importance.drops(input, data.labels(input.validationRows()), configuration, seed));
    }
    Map<String, List<Double>> drops = new LinkedHashMap<>();
    for (Map<String, Double> fold : workers.all(parts)) {
      fold.forEach((name, drop) -> drops.computeIfAbsent(name, n -> new ArrayList<>()).add(drop));
    }
    double[] own = model.importance(pipeline.features().size());
    double total = IntStream.range(0, own.length).mapToDouble(i -> own[i]).sum();
    List<Importance.Feature> features = new ArrayList<>();
    for (int i = 0; i < own.length; i++) {
      FittedFeature feature = pipeline.features().get(i);
      List<Double> found = drops.getOrDefault(feature.name(), List.of());
      features.add(
          new Importance.Feature(
              feature.name(),
              String.join(" * ", feature.sources()),
              total == 0 ? 0 : own[i] / total,
              found.isEmpty() ? 0 : Leaderboard.mean(found),
              found.size()));
    }
    features.sort(Comparator.comparingDouble((Importance.Feature f) -> -f.permutation()));
    return new Importance(
        ModelFamilies.named(configuration.family()).importanceMethod(),
        Importance.PERMUTATION,
        features);
  }

  /** Position of the best column that is computed from one raw column, if there is any. */
  private static int bestSingle(FeaturePipeline pipeline) {
    return IntStream.range(0, pipeline.features().size())
        .filter(i -> pipeline.features().get(i).sources().size() == 1)
        .findFirst()
        .orElse(0);
  }

  /** The best single column of each fold's training rows ranks that fold's validation rows. */
  private double[] singleFeature() {
    double[] ranking = new double[data.labels().length];
    for (int fold = 0; fold < data.folds(); fold++) {
      FoldInput input = folds.apply(fold);
      int best = bestSingle(input.pipeline());
      double[] train = Rows.column(input.training(), best);
      double sign = RocAuc.of(train, input.trainingLabels()) >= 0.5 ? 1 : -1;
      double[] validation = Rows.column(input.validation(), best);
      for (int i = 0; i < validation.length; i++) {
        ranking[input.validationRows()[i]] = sign * validation[i];
      }
    }
    return ranking;
  }
}
