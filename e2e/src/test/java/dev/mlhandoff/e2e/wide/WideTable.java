package dev.mlhandoff.e2e.wide;

import dev.mlhandoff.data.DuckDb;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A generated table, half of it categories, with missing values coded as {@code ?}, blanks and
 * sentinel numbers. The label depends on {@code number_0}, {@code number_1} and {@code word_0}.
 * Every value is a function of seed, row and column.
 */
final class WideTable {

  /** As a catalog says it. */
  static final String CATALOG =
      """
      datasets:
        wide:
          entities: {s3Prefix: wide/}
          entityKey: id
          targets:
            defaulted: {column: defaulted, positive: '1'}
      """;

  private static final int FILES = 4;
  private static final int SEED = 42;
  private static final String PROBABILITY =
      "1 / (1 + exp(-(1 - 6 * u(2000) + 3 * u(2001) + CASE WHEN u(4000) < 0.5 THEN 1 ELSE -1 END)))";

  private WideTable() {}

  /** Writes it as Parquet files; {@code columns} is all of them, key and label among them. */
  static List<Path> write(Path folder, int columns, int rows) throws SQLException {
    List<String> selected = new ArrayList<>(List.of("'C' || hash(i, " + SEED + ") AS id"));
    int features = columns - 2;
    for (int i = 0; i < features - features / 2; i++) {
      String number = "round(100 * u(%d), 2)".formatted(2000 + i);
      selected.add(
          "CASE WHEN u(%d) < %s THEN %s ELSE %s END AS number_%d"
              .formatted(
                  1000 + i, i % 3 == 0 ? "0.05" : "0.0", i % 2 == 0 ? "-999" : "9999", number, i));
    }
    for (int i = 0; i < features / 2; i++) {
      // Two to some thousand categories; marks of missing values in a tenth of the rows.
      String word =
          i == 0
              ? "CASE WHEN u(4000) < 0.5 THEN 'north' ELSE 'south' END"
              : "'c' || floor(u(%d) * %d)::INTEGER".formatted(4000 + i, 2 + i * i / 3);
      selected.add(
          "CASE WHEN u(%d) < 0.05 THEN '?' WHEN u(%d) < 0.1 THEN '  ' ELSE %s END AS word_%d"
              .formatted(3000 + i, 3000 + i, word, i));
    }
    selected.add("(u(5000) < " + PROBABILITY + ")::INTEGER AS defaulted");
    List<Path> files = new ArrayList<>();
    try (DuckDb database = DuckDb.open(folder)) {
      for (int file = 0; file < FILES; file++) {
        Path path = folder.resolve(file + ".parquet");
        database.writeParquet(
            "SELECT %s FROM range(%d, %d) t(i)"
                .formatted(
                    String.join(", ", selected)
                        .replaceAll(
                            "u\\((\\d+)\\)",
                            "(hash(i, $1, " + SEED + ") / 18446744073709551616.0)"),
                    (long) rows * file / FILES,
                    (long) rows * (file + 1) / FILES),
            path);
        files.add(path);
      }
    }
    return files;
  }

  /** Seconds that DuckDB takes to read the files once, with four figures of every column. */
  static double secondsToAggregate(List<Path> files) throws SQLException {
    String from =
        files.stream()
            .map(file -> DuckDb.text(file.toString()))
            .collect(Collectors.joining(", ", " FROM read_parquet([", "])"));
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      List<String> figures = new ArrayList<>();
      try (ResultSet described = statement.executeQuery("DESCRIBE SELECT *" + from)) {
        while (described.next()) {
          String name = DuckDb.name(described.getString(1));
          String average = described.getString(2).equals("VARCHAR") ? "length(" + name + ")" : name;
          figures.add(
              "min(%s), max(%s), avg(%s), count(DISTINCT %s)".formatted(name, name, average, name));
        }
      }
      long start = System.nanoTime();
      try (ResultSet result =
          statement.executeQuery("SELECT " + String.join(", ", figures) + from)) {
        result.next();
      }
      return (System.nanoTime() - start) / 1e9;
    }
  }
}
