package dev.mlhandoff.e2e.governance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Generated people with two features that together tell something of the target. In {@code leaky} a
 * column is the target with 0.5 % of its values flipped; in {@code biased} the features of one
 * group tell nothing of its target, so that its true-positive rate is low by construction.
 */
final class People {

  private static final int ROWS = 1600;
  private static final String CATALOG =
      """
      datasets:
        leaky:
          entities: {file: leaky.csv}
          entityKey: id
          pii: [email]
          targets: {repaid: {column: repaid, positive: "1", favourableDecision: 1}}
        biased:
          entities: {file: biased.csv}
          entityKey: id
          pii: [email]
          protectedColumns: [origin]
          targets: {repaid: {column: repaid, positive: "1", favourableDecision: 1}}
        fair:
          entities: {file: fair.csv}
          entityKey: id
          pii: [email]
          protectedColumns: [origin]
          targets: {repaid: {column: repaid, positive: "1", favourableDecision: 1}}
      """;

  private People() {}

  /** Writes the files and returns the catalog's. */
  static Path write(Path folder) throws IOException {
    Files.write(folder.resolve("leaky.csv"), rows(true, false));
    Files.write(folder.resolve("biased.csv"), rows(false, true));
    Files.write(folder.resolve("fair.csv"), rows(false, false));
    return Files.writeString(folder.resolve("catalog.yml"), CATALOG);
  }

  private static List<String> rows(boolean leaky, boolean biased) {
    Random random = new Random(11);
    List<String> rows = new ArrayList<>();
    rows.add("id,email,origin,income,tenure,repaid" + (leaky ? ",membership" : ""));
    for (int i = 0; i < ROWS; i++) {
      boolean minority = random.nextInt(3) == 0;
      boolean repaid = random.nextInt(100) < 45;
      double shift = biased && minority ? -1 : repaid ? 1 : -1;
      String row =
          String.format(
              Locale.ROOT,
              "P%d,p%d@example.com,%s,%.4f,%.4f,%d",
              i,
              i,
              minority ? "b" : "a",
              shift + 1.4 * random.nextGaussian(),
              shift + 1.4 * random.nextGaussian(),
              repaid ? 1 : 0);
      rows.add(leaky ? row + "," + (i % 200 == 0 != repaid ? 1 : 0) : row);
    }
    return rows;
  }
}
