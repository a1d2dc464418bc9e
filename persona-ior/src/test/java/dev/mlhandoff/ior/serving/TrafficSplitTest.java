package dev.mlhandoff.ior.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlhandoff.ior.serving.TrafficSplit.Arm;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrafficSplitTest {

  private static final int KEYS = 20_000;

  @Test
  void givesAKeyTheSameVersionEveryTime() {
    List<Arm> arms = split(25);
    for (int i = 0; i < 1000; i++) {
      assertThat(TrafficSplit.pick(arms, "entity-" + i))
          .isEqualTo(TrafficSplit.pick(split(25), "entity-" + i));
    }
  }

  @Test
  void givesEachVersionItsShareOfTheKeys() {
    for (int weight : new int[] {5, 25, 50}) {
      // Four standard errors of a binomial share at this number of keys.
      double tolerance = 4 * Math.sqrt(weight * (100.0 - weight) / KEYS);
      assertThat(100.0 * onCanary(weight).size() / KEYS).isCloseTo(weight, within(tolerance));
    }
  }

  @Test
  void keepsOnTheCanaryWhoWasThereWhenItsShareGrows() {
    assertThat(onCanary(25)).containsAll(onCanary(5));
    assertThat(onCanary(50)).containsAll(onCanary(25));
    assertThat(onCanary(100)).hasSize(KEYS);
  }

  @Test
  void sendsNobodyToAVersionWithoutWeight() {
    assertThat(onCanary(0)).isEmpty();
  }

  @Test
  void answersNobodyWhileNoVersionHasWeight() {
    assertThat(TrafficSplit.pick(List.of(new Arm("1.0.0", "staged", 0)), "key")).isEmpty();
    assertThat(TrafficSplit.pick(List.of(), "key")).isEmpty();
  }

  private static Set<Integer> onCanary(int weight) {
    Set<Integer> keys = new HashSet<>();
    for (int i = 0; i < KEYS; i++) {
      if (TrafficSplit.pick(split(weight), "entity-" + i).orElseThrow().name().equals("canary")) {
        keys.add(i);
      }
    }
    return keys;
  }

  private static List<Arm> split(int weight) {
    return List.of(
        new Arm("2.0.0", "canary", weight), new Arm("1.0.0", "production", 100 - weight));
  }
}
