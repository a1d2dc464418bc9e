package dev.mlhandoff.e2e.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OperationsTest {

  private static final Path DOCS = Path.of("..", "docs");
  private static final Pattern SECTION = Pattern.compile("(?m)^## (\\w+)$");
  private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `(handoff_\\w+)` \\|");
  private static final Pattern NAME = Pattern.compile("\\bhandoff[_:][\\w:]+");
  private static final Pattern SUFFIX = Pattern.compile("_(bucket|count|sum|max)$");

  @Test
  void everyAlertSaysHowUrgentItIsWhatItMeansAndWhatToDo() throws IOException {
    Set<String> sections = found(SECTION, DOCS.resolve("runbook.md"));
    List<String> names = new ArrayList<>();
    for (Rules.Alert alert : Rules.alerts()) {
      names.add(alert.name());
      assertThat(alert.severity()).as(alert.name()).isIn("warning", "critical");
      assertThat(alert.summary()).as(alert.name()).isNotBlank();
      assertThat(alert.runbook())
          .isEqualTo("docs/runbook.md#" + alert.name().toLowerCase(Locale.ROOT));
    }
    assertThat(names).doesNotHaveDuplicates();
    assertThat(sections).containsExactlyInAnyOrderElementsOf(names);
    assertThat(Rules.tested()).containsAll(names);
  }

  @Test
  void rulesAndDashboardsUseNoMetricThatIsNotDocumented() throws IOException {
    Set<String> known = found(DOCUMENTED, DOCS.resolve("metrics.md"));
    assertThat(known).hasSizeGreaterThan(30);
    known.addAll(Rules.recorded());
    List<String> expressions = new ArrayList<>(Rules.expressions());
    Dashboards.queries().forEach(query -> expressions.add(query.expression()));
    for (String expression : expressions) {
      Matcher name = NAME.matcher(expression);
      while (name.find()) {
        String base = SUFFIX.matcher(name.group()).replaceFirst("");
        assertThat(known).as(expression).contains(base);
      }
    }
  }

  @Test
  void dashboardsAreToldApartAndLeadToARun() throws IOException {
    Set<String> uids = new HashSet<>();
    for (JsonNode dashboard : Dashboards.all()) {
      String title = dashboard.path("title").asString();
      assertThat(uids.add(dashboard.path("uid").asString())).as(title).isTrue();
      assertThat(dashboard.path("links").toString()).as(title).contains("/board/runs/${runId}");
      Set<Integer> ids = new HashSet<>();
      for (JsonNode panel : dashboard.path("panels")) {
        assertThat(ids.add(panel.path("id").asInt())).as("%s", panel).isTrue();
        assertThat(panel.path("type").asString().equals("row") || !panel.path("targets").isEmpty())
            .as("%s", panel)
            .isTrue();
      }
    }
    assertThat(uids).hasSize(5);
  }

  @Test
  void everyAlertFiresWhenItShouldAndOnlyThen() throws Exception {
    assumeTrue(isInstalled("promtool"), "promtool is not installed");
    Process promtool =
        new ProcessBuilder("promtool", "test", "rules", "alerts_test.yml")
            .directory(Rules.FOLDER.resolve("tests").toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(promtool.waitFor()).as(said).isZero();
  }

  private static boolean isInstalled(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      if (Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }

  private static Set<String> found(Pattern pattern, Path page) throws IOException {
    Set<String> found = new TreeSet<>();
    Matcher matcher = pattern.matcher(Files.readString(page));
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }
}
