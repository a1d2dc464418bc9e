package dev.mlhandoff.ior.batch;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 over predictions, by which two ways to make them are compared to the last digit. Each is
 * the line {@code entity, tab, probability, tab, decision}, the probability as {@link
 * Double#toString(double)} has it.
 */
public final class PredictionsDigest {

  private final MessageDigest digest;

  public PredictionsDigest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Adds the next prediction; the order counts. */
  public void add(String entity, double probability, boolean decision) {
    String line = entity + '\t' + probability + '\t' + decision + '\n';
    digest.update(line.getBytes(StandardCharsets.UTF_8));
  }

  /** Lower-case hexadecimal digits; nothing can be added afterwards. */
  public String value() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
