package dev.mlhandoff.esc.training;

import dev.mlhandoff.ml.model.ModelFamilies;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An attempt in this thread: the same steps as the services take, without anything between. */
final class LocalExperiment {

  private final TrainingData data;
  private final int topFeatures;
  private final long seed;
  private final Map<Integer, FoldInput> inputs = new HashMap<>();

  LocalExperiment(TrainingData data, int topFeatures, long seed) {
    this.data = data;
    this.topFeatures = topFeatures;
    this.seed = seed;
  }

  Experiment.Result run(List<String> families) throws InterruptedException {
    return run(families, 0, 1);
  }

  /** With so many rounds of search, and models trained at the same time while concluding. */
  Experiment.Result run(List<String> families, int rounds, int threads)
      throws InterruptedException {
    List<Configuration> begin = Search.beginning(families, List.of());
    List<Candidate> candidates = new ArrayList<>();
    begin.forEach(configuration -> candidates.add(train(configuration)));
    for (int round = 1; round <= rounds; round++) {
      new Search(families, 1, seed)
          .propose(round, families.size(), observations(candidates))
          .forEach(configuration -> candidates.add(train(configuration)));
    }
    return new Experiment(
            data, this::input, topFeatures, 0.1, seed, threads, (share, message) -> {})
        .conclude(
            1,
            candidates,
            List.of(),
            new Effort("always", 0, 0, rounds, 0, false, List.of()),
            "digest",
            Map.of());
  }

  private List<Search.Observation> observations(List<Candidate> candidates) {
    List<Search.Observation> observations = new ArrayList<>();
    for (Candidate candidate : candidates) {
      double sum = 0;
      for (int fold = 0; fold < data.folds(); fold++) {
        int[] rows = data.rows(fold, true);
        sum +=
            dev.mlhandoff.ml.metrics.RocAuc.of(
                Rows.select(candidate.outOfFold(), rows), data.labels(rows));
      }
      observations.add(new Search.Observation(candidate.configuration(), sum / data.folds()));
    }
    return observations;
  }

  private Candidate train(Configuration configuration) {
    double[] outOfFold = new double[data.labels().length];
    for (int fold = 0; fold < data.folds(); fold++) {
      FoldInput input = input(fold);
      Rows.scatter(
          ModelFamilies.named(configuration.family())
              .train(input.training(), input.trainingLabels(), configuration.parameters(), seed)
              .probabilities(input.validation()),
          input.validationRows(),
          outOfFold);
    }
    return new Candidate(configuration, outOfFold);
  }

  private FoldInput input(int fold) {
    return inputs.computeIfAbsent(fold, f -> FoldInput.of(data, f, topFeatures));
  }
}
