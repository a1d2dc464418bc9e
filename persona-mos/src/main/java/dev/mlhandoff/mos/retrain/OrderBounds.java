package dev.mlhandoff.mos.retrain;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How often a model may be trained again.
 *
 * @param coolDown from one order to the next
 * @param perWeek orders within seven days, at least 1
 */
public record OrderBounds(Duration coolDown, int perWeek) {

  private static final Duration WEEK = Duration.ofDays(7);

  public OrderBounds {
    if (coolDown.isNegative() || perWeek < 1) {
      throw new IllegalArgumentException(
          "the cool-down must not be negative, and at least one retrain a week be allowed");
    }
  }

  /** Why an order is not followed; the code is public. */
  public record Refusal(String code, String reason) {}

  /**
   * Whether an order oversteps the bounds.
   *
   * @param earlier times of the orders of the model that were followed
   */
  public Optional<Refusal> refuse(Instant now, List<Instant> earlier) {
    Optional<Instant> last = earlier.stream().max(Comparator.naturalOrder());
    if (last.isPresent() && last.get().plus(coolDown).isAfter(now)) {
      return Optional.of(
          new Refusal(
              "RETRAIN_COOL_DOWN", "the last retrain was ordered less than " + coolDown + " ago"));
    }
    long thisWeek = earlier.stream().filter(at -> at.plus(WEEK).isAfter(now)).count();
    return thisWeek >= perWeek
        ? Optional.of(
            new Refusal(
                "RETRAIN_WEEKLY_LIMIT",
                "%d retrains were ordered within 7 days, %d are allowed"
                    .formatted(thisWeek, perWeek)))
        : Optional.empty();
  }
}
