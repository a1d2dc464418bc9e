package dev.mlhandoff.card.figures;

/**
 * Rows of neighbouring scores: the mean score against the share of positives with its 95 % interval
 * (Wilson 1927).
 */
public record CalibrationBin(int rows, double meanScore, double share) {

  private static final double Z = 1.959964;

  public double lower() {
    return Math.max(0, centre() - half());
  }

  public double upper() {
    return Math.min(1, centre() + half());
  }

  private double centre() {
    return (share + Z * Z / (2 * rows)) / (1 + Z * Z / rows);
  }

  private double half() {
    return Z
        / (1 + Z * Z / rows)
        * Math.sqrt(share * (1 - share) / rows + Z * Z / (4.0 * rows * rows));
  }
}
