package dev.mlhandoff.esc.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.esc.training.Search.Observation;
import dev.mlhandoff.ml.model.ModelFamilies;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SearchTest {

  private static final List<String> FAMILIES =
      List.of("logistic_regression", "random_forest", "gradient_boosting");

  @Test
  void proposesTheSameWhateverTheOrderInWhichResultsCame() {
    List<Observation> observations = observed(20);
    List<Observation> shuffled = new ArrayList<>(observations);
    Collections.shuffle(shuffled, new Random(1));
    Search search = new Search(FAMILIES, 2, 42);

    assertThat(search.propose(3, 10, shuffled)).isEqualTo(search.propose(3, 10, observations));
    assertThat(search.propose(4, 10, observations))
        .isNotEqualTo(search.propose(3, 10, observations));
  }

  @Test
  void staysInsideTheRangesAndTheBudget() {
    for (int round = 1; round <= 30; round++) {
      List<Configuration> proposed = new Search(FAMILIES, 2, 7).propose(round, 2, observed(round));
      assertThat(proposed).hasSize(2);
      for (Configuration configuration : proposed) {
        ModelFamilies.named(configuration.family())
            .space()
            .forEach(
                (name, range) ->
                    assertThat(configuration.parameters().get(name))
                        .isBetween(range.lower(), range.upper()));
      }
    }
  }

  @Test
  void neverProposesWhatIsKnown() {
    List<Observation> known = new ArrayList<>(observed(5));
    for (int round = 1; round <= 20; round++) {
      for (Configuration proposed : new Search(FAMILIES, 1, 3).propose(round, 3, known)) {
        assertThat(known)
            .noneMatch(
                o ->
                    o.configuration().family().equals(proposed.family())
                        && o.configuration().parameters().equals(proposed.parameters()));
        known.add(new Observation(proposed, 0.7));
      }
    }
  }

  /** A known optimum: the closer the logarithm of the rate to that of 0.03, the better. */
  @Test
  void findsBetterThanChanceWouldWithTheSameBudget() {
    int won = 0;
    for (long seed = 1; seed <= 20; seed++) {
      List<Observation> learned = new ArrayList<>();
      List<Observation> blind = new ArrayList<>();
      for (int round = 1; round <= 24; round++) {
        Search search = new Search(List.of("gradient_boosting"), 1, seed);
        search.propose(round, 1, learned).forEach(c -> learned.add(new Observation(c, value(c))));
        search.propose(round, 1, List.of()).forEach(c -> blind.add(new Observation(c, value(c))));
      }
      won += best(learned) > best(blind) ? 1 : 0;
    }
    assertThat(won).isGreaterThanOrEqualTo(15);
  }

  @Test
  void beginsWithTheBestThatEarlierAttemptsFound() {
    Configuration better =
        new Configuration(
            "gradient_boosting_1_2", "gradient_boosting", new TreeMap<>(Map.of("depth", 2.0)));
    List<Observation> learned =
        List.of(
            new Observation(Configuration.defaults(FAMILIES).get(1), 0.71),
            new Observation(better, 0.74));

    assertThat(Search.beginning(FAMILIES, List.of()))
        .extracting(Configuration::id)
        .containsExactly("logistic_regression", "gradient_boosting", "random_forest");
    assertThat(Search.beginning(FAMILIES, learned))
        .extracting(Configuration::id)
        .containsExactly("logistic_regression", "gradient_boosting_1_2", "random_forest");
    assertThat(Search.beginning(List.of("random_forest"), List.of()).get(0).id())
        .isEqualTo("logistic_regression");
  }

  private static double best(List<Observation> observations) {
    return observations.stream().mapToDouble(Observation::meanAuc).max().orElse(0);
  }

  private static double value(Configuration configuration) {
    double rate = Math.log(configuration.parameters().getOrDefault("rate", 1.0) / 0.03);
    double depth = configuration.parameters().getOrDefault("depth", 0.0) - 4;
    return 0.8 - 0.02 * rate * rate - 0.005 * depth * depth;
  }

  private static List<Observation> observed(int count) {
    List<Observation> observations = new ArrayList<>();
    for (int round = 1; observations.size() < count; round++) {
      for (Configuration configuration : new Search(FAMILIES, 1, 5).propose(round, 3, List.of())) {
        observations.add(new Observation(configuration, 0.6 + 0.01 * observations.size()));
      }
    }
    return observations.subList(0, count);
  }
}
