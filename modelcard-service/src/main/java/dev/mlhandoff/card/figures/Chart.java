package dev.mlhandoff.card.figures;

import java.util.List;
import java.util.Locale;

/**
 * A chart as SVG that takes its colours from the page: {@code --axis}, {@code --grid}, {@code
 * --series-1} and {@code --series-2}. Series differ by dashes as well as by colour.
 */
public final class Chart {

  private static final int WIDTH = 420;
  private static final int HEIGHT = 300;
  private static final int LEFT = 52;
  private static final int RIGHT = 14;
  private static final int TOP = 12;
  private static final int BOTTOM = 46;
  private static final int TICKS = 5;

  private final StringBuilder body = new StringBuilder();
  private final double maxX;
  private final double maxY;

  /**
   * @param description read out by a screen reader; plain text
   */
  public Chart(String description, String xTitle, double maxX, String yTitle, double maxY) {
    this.maxX = maxX;
    this.maxY = maxY;
    body.append(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
            .formatted(WIDTH, HEIGHT, escaped(description)));
    for (int i = 0; i <= TICKS; i++) {
      double share = (double) i / TICKS;
      line("grid", x(0), y(share * maxY), x(maxX), y(share * maxY));
      text("end", LEFT - 6, y(share * maxY) + 4, number(share * maxY));
      text("middle", x(share * maxX), HEIGHT - BOTTOM + 16, number(share * maxX));
    }
    line("axis", x(0), y(0), x(maxX), y(0));
    line("axis", x(0), y(0), x(0), y(maxY));
    text("middle", x(maxX / 2), HEIGHT - 8, xTitle);
    body.append(
        "<text class=\"label\" text-anchor=\"middle\" transform=\"translate(13 %s) rotate(-90)\">%s</text>"
            .formatted(number(y(maxY / 2)), escaped(yTitle)));
  }

  /** A curve; {@code series} is 1 or 2. */
  public Chart curve(int series, List<Point> points) {
    StringBuilder path = new StringBuilder();
    for (Point point : points) {
      path.append(path.isEmpty() ? "M" : "L").append(place(point));
    }
    body.append("<path class=\"curve series-%d\" d=\"%s\"/>".formatted(series, path));
    return this;
  }

  /** Marks on a curve's points. */
  public Chart marks(int series, List<Point> points) {
    for (Point point : points) {
      body.append(
          "<circle class=\"mark series-%d\" cx=\"%s\" cy=\"%s\" r=\"4\"/>"
              .formatted(series, pixel(x(point.x())), pixel(y(point.y()))));
    }
    return this;
  }

  /** What chance, or perfection, would look like. */
  public Chart reference(Point from, Point to) {
    line("reference", x(from.x()), y(from.y()), x(to.x()), y(to.y()));
    return this;
  }

  /** Bars over equal bins of the x axis. */
  public Chart bars(int series, double[] heights) {
    double width = maxX / heights.length;
    for (int i = 0; i < heights.length; i++) {
      body.append(
          "<rect class=\"bar series-%d\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>"
              .formatted(
                  series,
                  pixel(x(i * width)),
                  pixel(y(heights[i])),
                  pixel(x((i + 1) * width) - x(i * width)),
                  pixel(y(0) - y(heights[i]))));
    }
    return this;
  }

  public String svg() {
    return body + "</svg>";
  }

  private double x(double value) {
    return LEFT + value / maxX * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - Math.min(value, maxY) / maxY * (HEIGHT - BOTTOM - TOP);
  }

  private String place(Point point) {
    return pixel(x(point.x())) + " " + pixel(y(point.y()));
  }

  private void line(String kind, double x1, double y1, double x2, double y2) {
    body.append(
        "<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>"
            .formatted(kind, pixel(x1), pixel(y1), pixel(x2), pixel(y2)));
  }

  private void text(String anchor, double x, double y, String content) {
    body.append(
        "<text class=\"label\" text-anchor=\"%s\" x=\"%s\" y=\"%s\">%s</text>"
            .formatted(anchor, pixel(x), pixel(y), escaped(content)));
  }

  private static String pixel(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.2f", value);
    return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
