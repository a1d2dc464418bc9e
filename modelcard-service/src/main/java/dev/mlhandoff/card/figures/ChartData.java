package dev.mlhandoff.card.figures;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a chart shows, for the charting library: every series has one value for each x, or null.
 *
 * @param x rising
 * @param mark an x at which a vertical line stands, if there is one
 */
public record ChartData(
    String title,
    String xTitle,
    String yTitle,
    double maxX,
    double maxY,
    List<Double> x,
    List<Series> series,
    @Nullable Double mark) {

  /** How a series is drawn; {@code LOWER} and {@code UPPER} are the ends of the one before. */
  public enum Style {
    CURVE,
    SECOND,
    LOWER,
    UPPER,
    POINTS,
    STEPS,
    STEPS_SECOND,
    REFERENCE
  }

  /** One series. */
  public record Series(String name, Style style, List<@Nullable Double> y) {}

  /** A curve with its interval, and what chance would look like if that is said. */
  public static ChartData of(
      String title,
      String xTitle,
      String yTitle,
      double maxY,
      List<Band> bands,
      java.util.function.@Nullable DoubleUnaryOperator chance) {
    List<Double> x = bands.stream().map(Band::x).toList();
    List<Series> series = new ArrayList<>();
    series.add(new Series(yTitle, Style.CURVE, bands.stream().map(b -> some(b.value())).toList()));
    series.add(
        new Series("lower 95 %", Style.LOWER, bands.stream().map(b -> some(b.lower())).toList()));
    series.add(
        new Series("upper 95 %", Style.UPPER, bands.stream().map(b -> some(b.upper())).toList()));
    if (chance != null) {
      series.add(
          new Series(
              "chance",
              Style.REFERENCE,
              x.stream().map(at -> some(chance.applyAsDouble(at))).toList()));
    }
    return new ChartData(title, xTitle, yTitle, 1, maxY, x, series, null);
  }

  static @Nullable Double some(double value) {
    return Double.isNaN(value) ? null : value;
  }
}
