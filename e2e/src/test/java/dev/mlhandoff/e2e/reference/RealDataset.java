package dev.mlhandoff.e2e.reference;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Public datasets that stand beside the project, if they do. */
enum RealDataset {
  TELCO(
      "WA_Fn-UseC_-Telco-Customer-Churn.csv",
      """
      datasets:
        telco:
          entities: {file: WA_Fn-UseC_-Telco-Customer-Churn.csv}
          entityKey: customerID
          targets:
            churned: {column: Churn, positive: 'Yes'}
      """,
      "churned"),
  CDNOW(
      "CDNOW_master.txt",
      """
      datasets:
        cdnow:
          events:
            file: CDNOW_master.txt
            dateFormat: '%Y%m%d'
          entityKey: customer_id
          eventTime: date
          amount: dollar_value
          asOf: 1997-09-30
          targets:
            inactive: {inactiveDays: 273}
      """,
      "inactive");

  private final String file;
  private final String catalog;
  private final String target;

  RealDataset(String file, String catalog, String target) {
    this.file = file;
    this.catalog = catalog;
    this.target = target;
  }

  /** Its features; the test is skipped where the file is not at hand. */
  FeatureTable features(Path folder) throws Exception {
    return features(folder, "%s");
  }

  /**
   * As {@link #features(Path)}, over changed rows.
   *
   * @param rows SQL in which {@code %s} stands for a query of the rows as they are
   */
  FeatureTable features(Path folder, String rows) throws Exception {
    Path source = path();
    assumeTrue(source != null, file + " is not at hand");
    String name = name().toLowerCase(Locale.ROOT);
    return FeatureTable.build(
        folder, catalog, name, target, rows, unused -> read(Objects.requireNonNull(source)));
  }

  private String read(Path source) {
    if (this == TELCO) {
      return "SELECT * FROM read_csv('%s', header = true, nullstr = ['', ' '])".formatted(source);
    }
    return ("SELECT part[1] AS customer_id, part[2] AS date, part[3]::BIGINT AS number_of_cds,"
            + " part[4]::DOUBLE AS dollar_value FROM (SELECT regexp_split_to_array(trim(line, E'"
            + " \\r'), ' +') AS part FROM (SELECT unnest(string_split(content, chr(10))[2:]) AS line"
            + " FROM read_text('%s')) lines) parts WHERE len(part) = 4")
        .formatted(source);
  }

  private @Nullable Path path() {
    String configured =
        System.getProperty(
            "handoff.datasets", System.getenv().getOrDefault("HANDOFF_DATASETS", ""));
    Stream<Path> above =
        Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
            .map(path -> path.resolve("shared/data"));
    Stream<Path> places =
        configured.isEmpty() ? above : Stream.concat(Stream.of(Path.of(configured)), above);
    return places
        .map(place -> place.resolve(file))
        .filter(Files::isReadable)
        .findFirst()
        .orElse(null);
  }
}
