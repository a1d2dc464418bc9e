package dev.mlhandoff.card;

import dev.mlhandoff.card.figures.ChartData;
import dev.mlhandoff.card.figures.ChartData.Series;
import dev.mlhandoff.messages.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A chart with what it shows in words, and its numbers for those who cannot see it.
 *
 * @param caption how to read it, in plain text
 */
record Figure(ChartData chart, String caption) {

  private static final int ROWS = 11;

  /** The chart as the script takes it. */
  String json() {
    return new String(Json.write(chart), StandardCharsets.UTF_8);
  }

  /** About ten of its numbers: x, then a column for each series. */
  List<List<String>> rows() {
    int all = chart.x().size();
    List<List<String>> rows = new ArrayList<>();
    int shown = Math.min(ROWS, all);
    for (int i = 0; i < shown; i++) {
      int at = shown == 1 ? 0 : (int) ((long) i * (all - 1) / (shown - 1));
      List<String> row = new ArrayList<>(List.of(Format.number(chart.x().get(at))));
      for (Series series : chart.series()) {
        Double y = series.y().get(at);
        row.add(y == null ? "" : Format.number(y));
      }
      rows.add(row);
    }
    return rows;
  }
}
