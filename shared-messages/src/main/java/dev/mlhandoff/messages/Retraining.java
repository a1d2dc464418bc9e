package dev.mlhandoff.messages;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Why a version that serves is trained again, and what the new one is held against.
 *
 * @param parentVersion the version that serves, and whose card the new one's names
 * @param reason what was decided on, for people
 * @param statistics the numbers behind the decision, by name; may be empty
 * @param champion the bundle that serves; the new one must not be inferior to it on the hold-out
 */
public record Retraining(
    String parentVersion,
    String reason,
    SortedMap<String, Double> statistics,
    ArtifactRef champion) {

  public Retraining {
    statistics = new TreeMap<>(statistics);
  }
}
