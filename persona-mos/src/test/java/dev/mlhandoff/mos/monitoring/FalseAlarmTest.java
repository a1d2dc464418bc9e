package dev.mlhandoff.mos.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.util.List;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a window is judged by keeps its word: it is quiet as often as stated, and not deaf. */
class FalseAlarmTest {

  private static final double RATE = 0.01;
  private static final int WINDOWS = 1000;
  private static final double CONFIDENCE = 0.99;

  /** Each time a new reference and a new window of the same distributions. */
  @ParameterizedTest
  @CsvSource({"100, 2000", "1000, 4000", "10000, 4000"})
  void windowsOfPredictionsAlarmAtTheStatedRate(int window, int reference) {
    World world = new World(window);
    int alarms = 0;
    for (int i = 0; i < WINDOWS; i++) {
      WindowReport report =
          world.reference(reference).compare(new Window(world.draw(window)), RATE);
      alarms += report.findings().isEmpty() ? 0 : 1;
    }
    assertHeld(alarms);
  }

  @ParameterizedTest
  @CsvSource({"100", "1000", "10000"})
  void windowsOfOutcomesAlarmAtTheStatedRate(int window) {
    World world = new World(window + 1L);
    int alarms = 0;
    for (int i = 0; i < WINDOWS; i++) {
      List<PredictionRecord> heldOut = world.draw(1000);
      WindowReport report =
          new QualityReference(World.probabilities(heldOut), World.outcomes(heldOut))
              .compare(new Window(world.draw(window)), RATE);
      alarms += report.findings().isEmpty() ? 0 : 1;
    }
    assertHeld(alarms);
  }

  @Test
  void halfAStandardDeviationIsConfirmedWithinFiveThousandPredictions() {
    World world = new World(5);
    for (int i = 0; i < 20; i++) {
      Reference reference = world.reference(4000);
      WindowReport first = reference.compare(new Window(world.drawShifted(1000, 0.5)), RATE);
      WindowReport second = reference.compare(new Window(world.drawShifted(1000, 0.5)), RATE);
      assertThat(second.confirmed(first))
          .extracting(Finding::kind, Finding::subject)
          .contains(tuple(Finding.Kind.DRIFT, "main"));
    }
  }

  private static void assertHeld(int alarms) {
    assertThat(alarms).isPositive();
    double half = (1 - CONFIDENCE) / 2;
    assertThat(RATE)
        .as("the exact binomial interval around %d alarms", alarms)
        .isBetween(
            BetaDistribution.of(alarms, WINDOWS - alarms + 1).inverseCumulativeProbability(half),
            BetaDistribution.of(alarms + 1, WINDOWS - alarms)
                .inverseCumulativeProbability(1 - half));
  }
}
