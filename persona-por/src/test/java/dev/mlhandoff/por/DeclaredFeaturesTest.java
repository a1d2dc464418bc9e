package dev.mlhandoff.por;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mlhandoff.data.catalog.Dataset;
import dev.mlhandoff.data.catalog.DatasetCatalog;
import dev.mlhandoff.por.pipeline.DataRejectedException;
import dev.mlhandoff.por.pipeline.DatasetDescriber;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file of features may name of a dataset with all kinds of columns. */
class DeclaredFeaturesTest {

  private static final String CATALOG =
      """
      datasets:
        club:
          entities: {file: members.csv}
          events: {file: visits.csv}
          entityKey: id
          eventKey: visit
          eventTime: at
          amount: paid
          asOf: 2025-09-30
          pii: [phone]
          protectedColumns: [age]
          features: features/club.yml
          targets:
            left: {column: left, positive: 'Yes'}
            late: {column: fines, positive: '1'}
      """;

  @TempDir Path folder;

  @Test
  void mayNameWhatIsLeftForFeaturesAndNothingElse() throws Exception {
    StringBuilder members = new StringBuilder("id,phone,age,plan,fines,left\n");
    StringBuilder visits = new StringBuilder("visit,id,at,paid,court\n");
    for (int i = 1; i <= 60; i++) {
      members.append("%d,%d,30,basic,%d,%s%n".formatted(i, i, i % 2, i % 3 == 0 ? "Yes" : "No"));
      visits.append("V%d,%d,2025-08-01,10,inside%n".formatted(i, i));
    }
    Files.writeString(folder.resolve("members.csv"), members);
    Files.writeString(folder.resolve("visits.csv"), visits);
    try (PipelineBench bench = new PipelineBench(folder)) {
      bench.run(CATALOG, "club", "left");

      DataRejectedException missing =
          catchThrowableOfType(DataRejectedException.class, () -> read(bench));
      assertThat(missing.code()).isEqualTo("MISSING_FILE");

      Files.createDirectory(folder.resolve("features"));
      String good =
          """
          features:
            - {name: paid_30, kind: window, of: sum, column: amount, days: 30}
            - {name: courts, kind: window, of: distinct, column: court}
            - {name: plan, kind: column, column: plan}
          """;
      assertThat(Files.writeString(folder.resolve("features/club.yml"), good)).exists();
      assertThat(read(bench)).isEqualTo(good);

      Files.writeString(
          folder.resolve("features/club.yml"),
          """
          features:
            - {name: a, kind: column, column: left}
            - {name: b, kind: column, column: fines}
            - {name: c, kind: column, column: age}
            - {name: d, kind: column, column: phone}
            - {name: e, kind: column, column: id}
            - {name: f, kind: window, of: distinct, column: visit}
            - {name: g, kind: window, of: sum, column: paid}
            - {name: h, kind: column, column: holdout}
          """);
      DataRejectedException invalid =
          catchThrowableOfType(DataRejectedException.class, () -> read(bench));
      assertThat(invalid.code()).isEqualTo("INVALID_FEATURE_FILE");
      assertThat(invalid.pointer()).isEqualTo("/dataset");
      assertThat(invalid)
          .hasMessageStartingWith(
              "features/club.yml, line 2, /features/0/column: left is the target left and can be no"
                  + " feature; ")
          .hasMessageContaining("line 3, /features/1/column: fines is the target late and")
          .hasMessageContaining("/2/column: age is a protected attribute")
          .hasMessageContaining("/3/column: phone is personal data")
          .hasMessageContaining("/4/column: id is the entity key")
          .hasMessageContaining("/5/column: visit is the event key")
          .hasMessageContaining(
              "/6/column: the events have no column paid, only [event_time, amount, court]")
          .hasMessageEndingWith("/7/column: the entities have no column holdout, only [plan]");
    }
  }

  private String read(PipelineBench bench) throws Exception {
    Dataset club = DatasetCatalog.read(folder.resolve("catalog.yml")).find("club").orElseThrow();
    return new String(
        new DeclaredFeatures(club, folder)
            .read(new DatasetDescriber(bench.database()).describe("club", "left", club))
            .orElseThrow(),
        StandardCharsets.UTF_8);
  }
}
