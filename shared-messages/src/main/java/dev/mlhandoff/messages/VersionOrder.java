package dev.mlhandoff.messages;

import java.util.Arrays;

/** The order of versions: by the numbers of major, minor and patch, not by their digits. */
public final class VersionOrder {

  private VersionOrder() {}

  /** Negative if the left version is older, positive if it is newer, 0 if they are equal. */
  public static int compare(String left, String right) {
    return Arrays.compare(numbers(left), numbers(right));
  }

  private static int[] numbers(String version) {
    return Arrays.stream(version.split("\\.", -1)).mapToInt(Integer::parseInt).toArray();
  }
}
