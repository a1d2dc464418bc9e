package dev.mlhandoff.ior.serving;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/** Picks a version by weight; the same key always gets the same one while the weights stand. */
public final class TrafficSplit {

  private static final int PERCENT = 100;

  private TrafficSplit() {}

  /** A version and its share of the traffic in percent. */
  public record Arm(String version, String name, int weight) {}

  /** The arm for a key; empty if no arm has any traffic. */
  public static Optional<Arm> pick(List<Arm> arms, String key) {
    CRC32 hash = new CRC32();
    hash.update(key.getBytes(StandardCharsets.UTF_8));
    long place = hash.getValue() % PERCENT;
    long end = 0;
    for (Arm arm : arms) {
      end += arm.weight();
      if (place < end) {
        return Optional.of(arm);
      }
    }
    return Optional.empty();
  }
}
