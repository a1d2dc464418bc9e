package dev.mlhandoff.messages;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one stage delivered: a summary in prose, and everything large by reference.
 *
 * @param stage stage id, for example {@code training}
 * @param persona persona id, for example {@code ESC}
 * @param attempt the attempt it belongs to, from 1
 * @param summary what was done, computed from the work; the same for the same work
 * @param artifacts references by role, for example {@code features}; roles that end in {@code
 *     -metadata} hold what differs between equal runs and are left out of compared digests
 * @param metrics figures worth carrying in the message, by name
 */
public record Deliverable(
    String stage,
    String persona,
    int attempt,
    String summary,
    SortedMap<String, ArtifactRef> artifacts,
    SortedMap<String, Double> metrics) {

  /** Copies the maps in the order of their keys. */
  public static Deliverable of(
      String stage,
      String persona,
      int attempt,
      String summary,
      Map<String, ArtifactRef> artifacts,
      Map<String, Double> metrics) {
    return new Deliverable(
        stage, persona, attempt, summary, new TreeMap<>(artifacts), new TreeMap<>(metrics));
  }

  /**
   * The reference under a role.
   *
   * @throws IllegalArgumentException if this deliverable has no such artifact
   */
  public ArtifactRef artifact(String role) {
    ArtifactRef found = artifacts.get(role);
    if (found == null) {
      throw new IllegalArgumentException(
          "stage " + stage + " delivered no artifact '" + role + "', only " + artifacts.keySet());
    }
    return found;
  }
}
