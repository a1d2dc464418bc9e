package dev.mlhandoff.esc.training;

import dev.mlhandoff.ml.model.ModelFamilies;
import dev.mlhandoff.ml.model.ModelFamily;
import dev.mlhandoff.ml.model.Range;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Proposes configurations in rounds, one a family, by a tree-structured Parzen estimator (Bergstra
 * et al. 2011) over everything observed so far: drawn where good ones were dense and bad ones
 * sparse. The proposals of a round depend on seed and observations alone, not on who trained them.
 */
public final class Search {

  /** Observations of a family below which parameters are drawn evenly. */
  private static final int START_UP = 4;

  private static final double GOOD_SHARE = 0.25;
  private static final int CANDIDATES = 32;
  private static final int DRAWS = 50;
  private static final double NARROWEST = 0.08;

  private final List<String> families;
  private final int attempt;
  private final long seed;

  /**
   * @param families what may be proposed, by name
   * @param attempt a part of the proposals' ids
   */
  public Search(List<String> families, int attempt, long seed) {
    this.families = ModelFamilies.names().stream().filter(families::contains).toList();
    this.attempt = attempt;
    this.seed = seed;
  }

  /** A configuration and the mean AUC-ROC that it reached. */
  public record Observation(Configuration configuration, double meanAuc) {}

  /**
   * What an attempt begins with: sensible defaults, or the best of each family that earlier
   * attempts found. The baseline with its defaults is always the first.
   */
  public static List<Configuration> beginning(List<String> families, List<Observation> learned) {
    List<Configuration> beginning = new ArrayList<>();
    for (Configuration preset : Configuration.defaults(families)) {
      Configuration best =
          learned.stream()
              .filter(o -> o.configuration().family().equals(preset.family()))
              .max(Comparator.comparingDouble(Observation::meanAuc))
              .map(Observation::configuration)
              .orElse(preset);
      if (preset.id().equals(ModelFamilies.BASELINE) && !best.id().equals(preset.id())) {
        beginning.add(preset);
      }
      beginning.add(best);
    }
    return beginning;
  }

  /**
   * The configurations of a round.
   *
   * @param round from 1; round 0 is what the attempt begins with
   * @param most how many may be proposed at most
   */
  public List<Configuration> propose(int round, int most, List<Observation> observations) {
    List<Configuration> proposed = new ArrayList<>();
    for (int i = 0; i < families.size() && proposed.size() < most; i++) {
      // A short last round must not always favour the same family.
      String name = families.get((i + round - 1) % families.size());
      proposal(name, round, observations).ifPresent(proposed::add);
    }
    return proposed;
  }

  private Optional<Configuration> proposal(String name, int round, List<Observation> observations) {
    ModelFamily family = ModelFamilies.named(name);
    List<Observation> own =
        observations.stream()
            .filter(o -> o.configuration().family().equals(name))
            .sorted(Comparator.comparingDouble((Observation o) -> -o.meanAuc()))
            .toList();
    SplittableRandom random =
        new SplittableRandom(seed * 1_000_003 + attempt * 1009L + round * 31L + name.hashCode());
    for (int draw = 0; draw < DRAWS; draw++) {
      SortedMap<String, Double> parameters = new TreeMap<>(family.defaults());
      Map<String, Double> positions =
          own.size() < START_UP || draw > DRAWS / 2
              ? even(family, random)
              : promising(family, own, random);
      positions.forEach((key, at) -> parameters.put(key, range(family, key).at(at)));
      if (own.stream().noneMatch(o -> o.configuration().parameters().equals(parameters))) {
        return Optional.of(
            new Configuration("%s_%d_%d".formatted(name, attempt, round), name, parameters));
      }
    }
    return Optional.empty();
  }

  private static Map<String, Double> even(ModelFamily family, SplittableRandom random) {
    Map<String, Double> positions = new TreeMap<>();
    family.space().keySet().forEach(key -> positions.put(key, random.nextDouble()));
    return positions;
  }

  /** Of several draws around good observations, the one whose density ratio is highest. */
  private static Map<String, Double> promising(
      ModelFamily family, List<Observation> ordered, SplittableRandom random) {
    int good = Math.max(1, (int) Math.ceil(GOOD_SHARE * ordered.size()));
    Map<String, Double> best = Map.of();
    double bestRatio = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < CANDIDATES; i++) {
      Map<String, Double> candidate = new TreeMap<>();
      double ratio = 0;
      for (String key : family.space().keySet()) {
        double[] goodAt = positions(family, key, ordered.subList(0, good));
        double[] badAt = positions(family, key, ordered.subList(good, ordered.size()));
        double width = Math.max(NARROWEST, 0.5 / Math.sqrt(ordered.size()));
        double centre = goodAt[random.nextInt(goodAt.length)];
        double at = Math.max(0, Math.min(1, centre + width * random.nextGaussian()));
        candidate.put(key, at);
        ratio += Math.log(density(goodAt, at, width)) - Math.log(density(badAt, at, width));
      }
      if (ratio > bestRatio) {
        bestRatio = ratio;
        best = candidate;
      }
    }
    return best;
  }

  private static double[] positions(ModelFamily family, String key, List<Observation> of) {
    return of.stream()
        .mapToDouble(
            o ->
                range(family, key)
                    .position(
                        o.configuration()
                            .parameters()
                            .getOrDefault(key, range(family, key).lower())))
        .toArray();
  }

  /** Parzen window with an even share for what was never seen. */
  private static double density(double[] centres, double at, double width) {
    double sum = 1;
    for (double centre : centres) {
      double z = (at - centre) / width;
      sum += Math.exp(-z * z / 2) / (width * Math.sqrt(2 * Math.PI));
    }
    return sum / (centres.length + 1);
  }

  private static Range range(ModelFamily family, String key) {
    Range range = family.space().get(key);
    if (range == null) {
      throw new IllegalArgumentException(family.name() + " does not vary " + key);
    }
    return range;
  }
}
