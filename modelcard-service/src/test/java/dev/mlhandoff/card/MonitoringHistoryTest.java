package dev.mlhandoff.card;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.card.figures.ChartData;
import dev.mlhandoff.card.figures.ChartData.Series;
import dev.mlhandoff.messages.MonitoringWindow;
import dev.mlhandoff.messages.MonitoringWindow.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MonitoringHistoryTest {

  private static final Instant START = Instant.parse("2026-01-05T10:00:00Z");

  private final MonitoringHistory history = new MonitoringHistory();

  @Test
  void aWindowThatIsSentTwiceIsThereOnceAndTheOldestGo() {
    for (int number = 1; number <= 201; number++) {
      history.take(window("run-a", number, Kind.PREDICTIONS, 0));
    }
    history.take(window("run-a", 201, Kind.PREDICTIONS, 0));
    history.take(window("run-b", 7, Kind.OUTCOMES, 0));

    assertThat(history.of("run-a")).hasSize(200);
    assertThat(history.of("run-a").get(0).windowId()).isEqualTo("run-a/2");
    assertThat(history.of("run-b"))
        .extracting(MonitoringWindow::windowId)
        .containsExactly("run-b/7");
    assertThat(history.of("run-c")).isEmpty();
  }

  @Test
  void theChartShowsTheFeatureThatMovedMostAndTheScore() {
    Figure figure =
        DriftFigure.of(
            List.of(
                window("run-a", 1, Kind.PREDICTIONS, 0.02),
                window("run-a", 2, Kind.OUTCOMES, 9),
                window("run-a", 3, Kind.PREDICTIONS, 0.42)));

    ChartData chart = Objects.requireNonNull(figure).chart();
    assertThat(chart.series())
        .extracting(Series::y)
        .containsExactly(List.of(0.02, 0.42), List.of(0.01, 0.21));
    assertThat(chart.maxY()).isBetween(0.42, 0.6);
  }

  @Test
  void oneWindowIsNoCourseOfTime() {
    assertThat(DriftFigure.of(List.of(window("run-a", 1, Kind.PREDICTIONS, 0.1)))).isNull();
  }

  /**
   * @param index of the feature that moved most; the score moves half as much
   */
  static MonitoringWindow window(String runId, int number, Kind kind, double index) {
    return new MonitoringWindow(
        runId + "/" + number,
        START.plusSeconds(number),
        runId,
        "churn",
        "1.0.0",
        kind,
        1000,
        990,
        new TreeMap<>(Map.of("x", index, "y", index / 10, "(score)", index / 2)),
        new TreeMap<>(Map.of("psi", index)),
        index > 0.25 ? List.of("x: psi %.4f".formatted(index)) : List.of());
  }
}
