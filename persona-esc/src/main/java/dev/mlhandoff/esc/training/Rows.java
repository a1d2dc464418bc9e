package dev.mlhandoff.esc.training;

import java.util.Arrays;

/** Picks values by the positions of their rows. */
final class Rows {

  private Rows() {}

  static double[] select(double[] values, int[] rows) {
    return Arrays.stream(rows).mapToDouble(row -> values[row]).toArray();
  }

  static int[] select(int[] values, int[] rows) {
    return Arrays.stream(rows).map(row -> values[row]).toArray();
  }

  /** Writes values to the positions that their rows have. */
  static void scatter(double[] values, int[] rows, double[] target) {
    for (int i = 0; i < rows.length; i++) {
      target[rows[i]] = values[i];
    }
  }

  static double[] column(float[][] rows, int column) {
    double[] values = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      values[i] = rows[i][column];
    }
    return values;
  }
}
