package dev.mlhandoff.messages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table of topics in the documentation says what the list in code says. */
class TopicsTableTest {

  private static final Path DOCUMENT = Path.of("../docs/architecture.md");

  @Test
  void documentationNamesEveryTopicAsItIs() throws IOException {
    List<String> documented = new ArrayList<>();
    for (String line : Files.readAllLines(DOCUMENT)) {
      if (line.startsWith("| `") && line.contains(".v1` |")) {
        String[] cells = line.split("\\|", -1);
        documented.add(row(cells[1], cells[2], cells[3], cells[6], cells[7]));
      }
    }
    assertThat(documented)
        .containsExactlyInAnyOrderElementsOf(
            Topics.all().stream().map(TopicsTableTest::row).toList());
  }

  private static String row(Topic<?> topic) {
    String kept = "broker's default";
    if ("compact".equals(topic.configuration().get("cleanup.policy"))) {
      kept = "newest by key";
    } else if ("-1".equals(topic.configuration().get("retention.ms"))) {
      kept = "forever";
    }
    return row(
        "`" + topic.name() + "`",
        topic.key(),
        topic.valueType().getSimpleName(),
        kept,
        Topics.withDeadLetters().contains(topic) ? "yes" : "no");
  }

  private static String row(String... cells) {
    List<String> trimmed = new ArrayList<>();
    for (String cell : cells) {
      trimmed.add(cell.strip());
    }
    return String.join(" | ", trimmed);
  }
}
