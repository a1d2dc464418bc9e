package dev.mlhandoff.mos.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.mos.retrain.OrderBounds.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderBoundsTest {

  private static final Instant NOW = Instant.parse("2026-01-31T00:00:00Z");

  private final OrderBounds bounds = new OrderBounds(Duration.ofDays(1), 2);

  @Test
  void theFirstOrderAndOneAfterTheCoolDownAreFollowed() {
    assertThat(bounds.refuse(NOW, List.of())).isEmpty();
    assertThat(bounds.refuse(NOW, List.of(NOW.minus(Duration.ofDays(1))))).isEmpty();
  }

  @Test
  void anOrderWithinTheCoolDownIsRefused() {
    List<Instant> earlier = List.of(NOW.minus(Duration.ofDays(6)), NOW.minus(Duration.ofHours(23)));

    assertThat(bounds.refuse(NOW, earlier)).map(Refusal::code).contains("RETRAIN_COOL_DOWN");
  }

  @Test
  void aThirdOrderWithinAWeekIsRefusedUntilTheFirstIsAWeekAgo() {
    List<Instant> earlier = List.of(NOW.minus(Duration.ofDays(6)), NOW.minus(Duration.ofDays(2)));

    assertThat(bounds.refuse(NOW, earlier)).map(Refusal::code).contains("RETRAIN_WEEKLY_LIMIT");
    assertThat(bounds.refuse(NOW.plus(Duration.ofDays(1)), earlier)).isEmpty();
  }
}
