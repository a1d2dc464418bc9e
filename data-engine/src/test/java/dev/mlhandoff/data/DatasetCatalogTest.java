package dev.mlhandoff.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlhandoff.data.catalog.Check;
import dev.mlhandoff.data.catalog.Dataset;
import dev.mlhandoff.data.catalog.DatasetCatalog;
import dev.mlhandoff.data.catalog.Grant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatasetCatalogTest {

  @TempDir Path folder;

  private DatasetCatalog read(String yaml) throws IOException {
    return DatasetCatalog.read(Files.writeString(folder.resolve("catalog.yml"), yaml));
  }

  @Test
  void readsAShortEntryAndFillsWhatIsLeftOut() throws Exception {
    DatasetCatalog catalog =
        read(
            """
            datasets:
              shop:
                entities: {table: customers}
                events: {s3Prefix: shop/orders/}
                entityKey: id
                eventTime: at
                asOf: 2025-09-30
                targets: {gone: {inactiveDays: 90}}
                checks: [{on: entities, column: age, min: 0}]
            """);
    Dataset shop = catalog.find("shop").orElseThrow();

    assertThat(catalog.names()).containsExactly("shop");
    assertThat(catalog.find("other")).isEmpty();
    assertThat(catalog.folder()).isEqualTo(folder.toAbsolutePath());
    assertThat(shop.asOf()).isEqualTo(LocalDate.of(2025, 9, 30));
    assertThat(shop.pii()).isEmpty();
    assertThat(shop.checks().get(0).severity()).isEqualTo(Check.Severity.HARD);
  }

  @Test
  void readsTheExampleOfItsDocumentation() throws Exception {
    String page = Files.readString(Path.of("..", "docs", "catalog.md"));
    String example =
        page.substring(page.indexOf("```yaml") + 7, page.indexOf("```\n\n## A dataset"));

    assertThat(read(example).names())
        .containsExactly("cdnow", "customer_transactions_2025", "telco");
  }

  @Test
  void grantsAllViewsOrTheNamedOnes() {
    assertThat(new Grant("bank", List.of()).allows("bank", "churn", "history")).isTrue();
    assertThat(new Grant("bank", List.of("churn")).allows("bank", "churn", "history")).isTrue();
    assertThat(new Grant("bank", List.of("churn")).allows("bank", "fraud", "history")).isFalse();
    Grant one = new Grant("bank", List.of("churn/history"));
    assertThat(one.allows("bank", "churn", "history")).isTrue();
    assertThat(one.allows("bank", "churn", "attributes")).isFalse();
    assertThat(new Grant("bank", List.of()).allows("shop", "churn", "history")).isFalse();
  }

  @Test
  void namesLinePlaceAndReason() {
    assertThatThrownBy(() -> read("datasets:\n  a:\n    entityKey: id\n"))
        .hasMessage("catalog catalog.yml, line 4, at datasets/a: a dataset has entities or events");
    assertThatThrownBy(
            () ->
                read("datasets:\n  a:\n    entities: {file: x, colour: red}\n    entityKey: id\n"))
        .hasMessageStartingWith(
            "catalog catalog.yml, line 3, at datasets/a/entities/colour: there is no property colour,"
                + " but [");
  }

  @Test
  void saysThatAFileIsNotThere() {
    assertThatThrownBy(() -> DatasetCatalog.read(folder.resolve("none.yml")))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith("none.yml is not there, or cannot be read");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "datasets: {a: {entityKey: id}} | entities or events",
        "datasets: {a: {entities: {table: t}}} | entityKey",
        "datasets: {a: {entities: {table: t, file: f}, entityKey: id}} | exactly one of",
        "datasets: {a: {entities: {table: t, encoding: latin-1}, entityKey: id}} | of a CSV file",
        "datasets: {a: {entities: {file: f.csv, encoding: ebcdic}, entityKey: id}} | encoding is one of utf-8,",
        "datasets: {a: {entities: {file: f.csv, decimalSeparator: x}, entityKey: id}} | decimalSeparator is",
        "datasets: {a: {events: {file: f}, entityKey: id, eventTime: at}} | asOf",
        "datasets: {a: {entities: {url: 'http://x'}, entityKey: id}} | exactly one of",
        "datasets: {a: {entities: {file: f}, entityKey: id, targets: {t: {column: c}}}} | positive",
        "datasets: {a: {entities: {file: f}, entityKey: id, checks: [{on: x, column: c}]}} | check",
        "datasets: {a: {entities: {file: f}, entityKey: id, grants: [{views: [v]}]}} | grant",
        "datasets: {a: {entities: {file: f}, entityKey: id, targets: {t: {inactiveDays: 0}}}} | 1",
        "datasets: {a: {entities: {file: f}, entityKey: id, targets: {t: {inactiveDays: 9,"
            + " favourableDecision: 2}}}} | 0 or 1",
        "datasets: {a: {entities: {file: f}, entityKey: id, featureViews: {timeToLiveDays: 0}}} | 1",
        "datasets: {a: {entities: {file: f}, entityKey: id, asOf: 2025-02-01, featureViews: {knownAt:"
            + " 2025-01-31}}} | knownAt",
        "datasets: {a: {entities: {file: f}, entityKey: id, entityMappings: [{keys: {file: k}}]}} |"
            + " mapping",
        "datasets: {a: {entities: {file: f}, entityKey: id, entityMappings: [{from: b, threshold:"
            + " 0.5}]}} | together",
        "datasets: {a: {entities: {file: f}, entityKey: id, entityMappings: [{from: b, confidence: c,"
            + " threshold: 2}]}} | 0 to 1",
        "datasets: [ | catalog.yml",
        "other: 1 | other",
        "datasets: | datasets"
      })
  void saysWhatIsWrongWithAnEntry(String yaml, String reason) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("catalog.yml")
        .hasMessageContaining(reason);
  }
}
