package dev.mlhandoff.card;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the pages write numbers, times and states. */
final class Format {

  private Format() {}

  /** Three decimals; whole numbers from ten on without. */
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) >= 10
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.3f", value);
  }

  /** Three decimals with a sign. */
  static String signed(double value) {
    return String.format(Locale.ROOT, "%+.3f", value);
  }

  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** A share as a whole percentage. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }

  /** A share in percentage points. */
  static String points(double share) {
    return String.format(Locale.ROOT, "%.1f", 100 * share);
  }

  static String time(@Nullable Instant instant) {
    return instant == null
        ? ""
        : instant.truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ').replace("Z", " UTC");
  }

  /** The same of a time as JSON has it; what is none stays as it is. */
  static String time(String instant) {
    try {
      return time(Instant.parse(instant));
    } catch (DateTimeParseException e) {
      return instant;
    }
  }

  /** A duration as people say it; empty if it is not known. */
  static String duration(@Nullable Long milliseconds) {
    if (milliseconds == null) {
      return "";
    }
    Duration duration = Duration.ofMillis(milliseconds);
    if (duration.toMinutes() >= 100) {
      return "%d h %d min".formatted(duration.toHours(), duration.toMinutesPart());
    }
    if (duration.toSeconds() >= 100) {
      return "%d min %d s".formatted(duration.toMinutes(), duration.toSecondsPart());
    }
    return milliseconds < 1000
        ? milliseconds + " ms"
        : String.format(Locale.ROOT, "%.1f s", milliseconds / 1000.0);
  }

  static String bytes(long bytes) {
    if (bytes < 10_000) {
      return count(bytes) + " B";
    }
    return bytes < 10_000_000
        ? count(bytes / 1000) + " kB"
        : String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
  }

  /** An identifier in words: {@code feature_engineering} as feature engineering. */
  static String words(@Nullable Object identifier) {
    return identifier == null
        ? ""
        : String.valueOf(identifier).toLowerCase(Locale.ROOT).replace('_', ' ').replace('-', ' ');
  }

  /** The class of a badge: good, bad, wait or plain. */
  static String tone(@Nullable Object state) {
    return switch (String.valueOf(state).toLowerCase(Locale.ROOT)) {
      case "completed", "passed", "pass", "production", "approve", "waive", "tracked" -> "good";
      case "rejected",
          "failed",
          "fail",
          "rolled_back",
          "rolled back",
          "evidence_mismatch",
          "holdout_failed",
          "stopped",
          "hard_stop",
          "reject",
          "expire",
          "critical" ->
          "bad";
      case "parked", "warning", "mandatory", "delayed" -> "wait";
      case "running", "canary", "shadow", "staged", "challenger" -> "busy";
      default -> "plain";
    };
  }

  /** A width between 0 and 100 for a bar, as an attribute's value. */
  static String width(double part, double whole) {
    double share = whole <= 0 ? 0 : Math.max(0, Math.min(1, part / whole));
    return String.format(Locale.ROOT, "%.2f", 100 * share);
  }
}
