package dev.mlhandoff.card;

import dev.mlhandoff.card.figures.ChartData;
import dev.mlhandoff.card.figures.ChartData.Series;
import dev.mlhandoff.card.figures.ChartData.Style;
import dev.mlhandoff.messages.MonitoringWindow;
import dev.mlhandoff.messages.MonitoringWindow.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far a version's predictions are from its training, window by window. */
final class DriftFigure {

  private static final String SCORE = "(score)";

  private DriftFigure() {}

  /** The chart; null before there are two windows of predictions. */
  static @Nullable Figure of(List<MonitoringWindow> windows) {
    List<MonitoringWindow> asked =
        windows.stream().filter(window -> window.kind() == Kind.PREDICTIONS).toList();
    if (asked.size() < 2) {
      return null;
    }
    List<Double> x = new ArrayList<>();
    List<@Nullable Double> features = new ArrayList<>();
    List<@Nullable Double> score = new ArrayList<>();
    for (MonitoringWindow window : asked) {
      x.add(x.size() + 1.0);
      features.add(
          window.stabilityIndex().entrySet().stream()
              .filter(index -> !index.getKey().equals(SCORE))
              .map(Map.Entry::getValue)
              .max(Double::compare)
              .orElse(null));
      score.add(window.stabilityIndex().get(SCORE));
    }
    return new Figure(
        new ChartData(
            "Population stability index",
            "window of predictions, the oldest first",
            "index against training",
            x.size(),
            Math.ceil(20 * (highest(features, score) + 0.05)) / 20,
            x,
            List.of(
                new Series("highest of the features", Style.CURVE, features),
                new Series("score", Style.SECOND, score)),
            null),
        "How far the values of %d predictions are from those of training; 0 is the same. What counts"
                .formatted(asked.get(asked.size() - 1).predictions())
            + " as drift is decided by tests over all features together, and is listed below.");
  }

  private static double highest(
      Collection<@Nullable Double> features, Collection<@Nullable Double> score) {
    List<Double> all = new ArrayList<>(List.of(0.0));
    features.forEach(value -> all.add(value == null ? 0 : value));
    score.forEach(value -> all.add(value == null ? 0 : value));
    return Collections.max(all);
  }
}
