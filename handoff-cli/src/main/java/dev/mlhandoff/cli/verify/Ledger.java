package dev.mlhandoff.cli.verify;

import dev.mlhandoff.cli.verify.Line.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Takes down what holds and what does not, in the order in which it was looked at. */
final class Ledger {

  /** Sums in another order differ by less; anything that was changed differs by more. */
  private static final double SAME = 1e-9;

  private final List<Line> lines = new ArrayList<>();
  private final Consumer<Line> listener;

  Ledger(Consumer<Line> listener) {
    this.listener = listener;
  }

  List<Line> lines() {
    return List.copyOf(lines);
  }

  void holds(String subject, String detail) {
    add(State.HOLDS, subject, detail);
  }

  void fails(String subject, String detail) {
    add(State.FAILS, subject, detail);
  }

  void unchecked(String subject, String detail) {
    add(State.UNCHECKED, subject, detail);
  }

  /** Holds if both are the same. */
  void same(String subject, Object claimed, Object found, String where) {
    if (claimed.equals(found)) {
      holds(subject, found + ", as in " + where);
    } else {
      fails(subject, "the card says %s, %s says %s".formatted(claimed, where, found));
    }
  }

  /** One line for each figure that is claimed, or should be. */
  void figures(String subject, JsonNode claimed, Map<String, Double> found, String where) {
    Set<String> names = new TreeSet<>(found.keySet());
    names.addAll(claimed.propertyNames());
    for (String name : names) {
      String line = subject + "/" + name;
      Double value = found.get(name);
      JsonNode claim = claimed.path(name);
      if (value == null) {
        unchecked(line, "%s, which %s does not give".formatted(claim, where));
      } else if (!claim.isNumber()) {
        fails(line, "the card has no such number, %s gives %s".formatted(where, value));
      } else if (same(claim.asDouble(), value)) {
        holds(line, "%s, computed again from %s".formatted(claim, where));
      } else {
        fails(line, "the card says %s, %s gives %s".formatted(claim, where, value));
      }
    }
  }

  private static boolean same(double one, double other) {
    return Math.abs(one - other) <= SAME * Math.max(1, Math.abs(other));
  }

  /** Fails with what went wrong, whatever it was. */
  void broken(String subject, Exception failure) {
    String message = failure.getMessage();
    fails(
        subject,
        message == null ? failure.getClass().getSimpleName().toLowerCase(Locale.ROOT) : message);
  }

  private void add(State state, String subject, String detail) {
    // What a card says may reach a terminal: one line, without control characters.
    Line line =
        new Line(
            state, subject.replaceAll("\\p{Cntrl}", " "), detail.replaceAll("\\p{Cntrl}", " "));
    lines.add(line);
    listener.accept(line);
  }
}
