package dev.mlhandoff.ml.interaction;

/** Lower triangular factor of a symmetric positive definite matrix. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Cholesky(double[][] lower) {

  /**
   * Factors the matrix, of which only the lower triangle is read.
   *
   * @throws ArithmeticException if it is not positive definite
   */
  static Cholesky of(double[][] matrix) {
    double[][] lower = new double[matrix.length][matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j <= i; j++) {
        double rest = matrix[i][j];
        for (int k = 0; k < j; k++) {
          rest -= lower[i][k] * lower[j][k];
        }
        if (i == j && !(rest > 0)) {
          throw new ArithmeticException("not positive definite at row " + i);
        }
        lower[i][j] = i == j ? Math.sqrt(rest) : rest / lower[j][j];
      }
    }
    return new Cholesky(lower);
  }

  /** Solves for a right-hand side. */
  double[] solve(double[] right) {
    double[] solution = right.clone();
    for (int i = 0; i < solution.length; i++) {
      for (int k = 0; k < i; k++) {
        solution[i] -= lower[i][k] * solution[k];
      }
      solution[i] /= lower[i][i];
    }
    for (int i = solution.length - 1; i >= 0; i--) {
      for (int k = i + 1; k < solution.length; k++) {
        solution[i] -= lower[k][i] * solution[k];
      }
      solution[i] /= lower[i][i];
    }
    return solution;
  }
}
