package dev.mlhandoff.e2e.flow;

import dev.mlhandoff.data.DuckDb;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Small datasets, good and bad, with the catalog that describes them. */
final class Datasets {

  /** Rows of the good dataset. */
  static final int ROWS = 300;

  private static final String CATALOG =
      """
      datasets:
        good:
          entities: {file: good.csv}
          entityKey: id
          pii: [email]
          features: good-features.yml
          featureViews: {owner: marketing, tags: [customers]}
          grants:
            - {to: bank, views: [federation-source/attributes]}
          targets:
            churned: {column: churned, positive: "yes"}
            coin_flip: {column: coin_flip, positive: heads}
            one_class: {column: country, positive: nowhere}
        bank:
          entities: {file: bank.csv}
          entityKey: client
          entityMappings:
            - {from: good, keys: {file: bank-keys.csv}, key: client, otherKey: customer, confidence: sure, threshold: 0.8}
          targets:
            left: {column: left_bank, positive: "yes"}
        bank_without_grant:
          entities: {file: bank.csv}
          entityKey: client
          entityMappings:
            - {from: good}
          targets:
            left: {column: left_bank, positive: "yes"}
        in_database:
          entities: {table: flow_customers}
          entityKey: id
          targets:
            churned: {column: churned, positive: "yes"}
        no_such_table:
          entities: {table: flow_nobody}
          entityKey: id
          targets:
            churned: {column: churned, positive: "yes"}
        odd_numbers:
          entities: {file: odd-numbers.csv}
          entityKey: id
          targets:
            churned: {column: churned, positive: "yes"}
        empty:
          entities: {file: empty.csv}
          entityKey: id
          targets:
            churned: {column: churned, positive: "yes"}
        blank_file:
          entities: {file: blank.csv}
          entityKey: id
          targets:
            churned: {column: churned, positive: "yes"}
        tiny:
          entities: {file: tiny.csv}
          entityKey: id
          targets:
            churned: {column: churned, positive: "yes"}
        vanished_target:
          entities: {file: good.csv}
          entityKey: id
          targets:
            churned: {column: left_us, positive: "yes"}
        vanished_key:
          entities: {file: good.csv}
          entityKey: customer_number
          targets:
            churned: {column: churned, positive: "yes"}
        corrupt_parquet:
          entities: {file: corrupt.parquet}
          entityKey: id
          targets:
            churned: {column: churned, positive: "yes"}
        cut_parquet:
          entities: {file: cut.parquet}
          entityKey: id
          targets:
            churned: {column: churned, positive: "yes"}
        no_such_file:
          entities: {file: nowhere.csv}
          entityKey: id
          targets:
            churned: {column: churned, positive: "yes"}
        nothing_to_learn_from:
          entities: {file: only-labels.csv}
          entityKey: id
          targets:
            churned: {column: churned, positive: "yes"}
        misdeclared:
          entities: {file: good.csv}
          entityKey: id
          pii: [email]
          features: bad-features.yml
          targets:
            churned: {column: churned, positive: "yes"}
        out_of_range:
          entities: {file: good.csv}
          entityKey: id
          targets:
            churned: {column: churned, positive: "yes"}
          checks:
            - {on: entities, column: income, max: 0, severity: HARD}
      """;

  private static final String FEATURES =
      """
      features:
        - {name: income, kind: column, column: income, description: yearly income, owner: finance, tags: [money]}
        - {name: age, kind: column, column: age}
        - {name: income_by_age, kind: ratio, numerator: income, denominator: age, owner: finance, timeToLiveDays: 3650}
      """;

  private static final String BAD_FEATURES =
      """
      features:
        - {name: label, kind: column, column: churned}
        - {name: by_mail, kind: column, column: email}
        - {name: per, kind: ratio, numerator: per, denominator: nothing}
        - {name: recent, kind: window, of: count, days: -3}
      """;

  private Datasets() {}

  /** Writes all files and returns the catalog's. */
  static Path write(Path folder) throws IOException, SQLException {
    write(folder, "good.csv", rows(ROWS, false));
    Files.writeString(folder.resolve("good-features.yml"), FEATURES);
    Files.writeString(folder.resolve("bad-features.yml"), BAD_FEATURES);
    bank(folder);
    write(folder, "odd-numbers.csv", rows(ROWS, true));
    write(folder, "tiny.csv", rows(12, false));
    write(folder, "empty.csv", rows(0, false));
    write(folder, "blank.csv", List.of());
    List<String> labels = new ArrayList<>(List.of("id,churned"));
    for (int i = 0; i < 100; i++) {
      labels.add(i + "," + (i % 2 == 0 ? "yes" : "no"));
    }
    write(folder, "only-labels.csv", labels);
    byte[] noise = new byte[4096];
    new Random(1).nextBytes(noise);
    Files.write(folder.resolve("corrupt.parquet"), noise);
    try (DuckDb database = DuckDb.open(folder)) {
      Path whole = folder.resolve("whole.parquet");
      database.writeParquet(
          "SELECT range AS id, range %% %d AS x, 'no' AS churned FROM range(5000)".formatted(7),
          whole);
      byte[] content = Files.readAllBytes(whole);
      Files.write(
          folder.resolve("cut.parquet"), java.util.Arrays.copyOf(content, content.length / 2));
    }
    Path catalog = folder.resolve("catalog.yml");
    Files.writeString(catalog, CATALOG);
    return catalog;
  }

  /** The good dataset as a table of the source database. */
  static void load(String url, String user, String password) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, user, password);
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS flow_customers");
      statement.execute(
          "CREATE TABLE flow_customers AS SELECT i AS id, (i * 37) % 101 AS income, (i * 11) % 29"
              + " AS age, CASE WHEN (i * 37) % 101 + (i * 11) % 29 * 3 + (i % 7) * 5 > 105 THEN 'yes' ELSE 'no' END AS"
              + " churned FROM generate_series(1, 300) AS i");
    }
  }

  /** Income and plan decide whether a customer leaves, with some noise. */
  private static List<String> rows(int count, boolean odd) {
    Random random = new Random(7);
    List<String> rows = new ArrayList<>();
    rows.add("id,email,income,age,plan,country,coin_flip,churned");
    for (int i = 0; i < count; i++) {
      double income = 1000 + 4000 * random.nextDouble();
      String plan = List.of("basic", "plus", "premium").get(random.nextInt(3));
      double tendency =
          (income - 3000) / 900 + (plan.equals("premium") ? -1.5 : 0.5) + random.nextGaussian();
      rows.add(
          String.join(
              ",",
              "C" + i,
              "c" + i + "@example.com",
              odd ? strange(i, income) : String.format(Locale.ROOT, "%.2f", income),
              odd && i % 9 == 0 ? "-Infinity" : String.valueOf(20 + random.nextInt(50)),
              plan,
              "somewhere",
              random.nextBoolean() ? "heads" : "tails",
              tendency > 0 ? "yes" : "no"));
    }
    return rows;
  }

  /**
   * The same people as clients of a bank, which knows little of them; who they are among the
   * customers is sure for three of five.
   */
  private static void bank(Path folder) throws IOException {
    Random random = new Random(11);
    List<String> clients = new ArrayList<>(List.of("client,balance,left_bank"));
    List<String> keys = new ArrayList<>(List.of("client,customer,sure"));
    List<String> customers = rows(ROWS, false);
    for (int i = 0; i < ROWS; i++) {
      String churned = customers.get(i + 1).substring(customers.get(i + 1).lastIndexOf(',') + 1);
      double balance = 1000 + 500 * (random.nextGaussian() + (churned.equals("yes") ? 1 : 0));
      clients.add(String.format(Locale.ROOT, "B%d,%.2f,%s", i, balance, churned));
      keys.add("B%d,C%d,%s".formatted(i, i, i % 5 < 3 ? "0.95" : "0.4"));
    }
    write(folder, "bank.csv", clients);
    write(folder, "bank-keys.csv", keys);
  }

  /** One value is absurdly large; more than the capped hundredth would spoil the feature. */
  private static String strange(int row, double value) {
    if (row == 6) {
      return "1e308";
    }
    return switch (row % 20) {
      case 0 -> "NaN";
      case 13 -> "Infinity";
      default -> String.format(Locale.ROOT, "%.2f", value);
    };
  }

  private static void write(Path folder, String name, List<String> lines) throws IOException {
    Files.write(folder.resolve(name), lines, StandardCharsets.UTF_8);
  }
}
