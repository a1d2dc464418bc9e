package dev.mlhandoff.messages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of topics in the documentation says what the list in code says. */
class TopicsTableTest {

  private static final Path DOCUMENT = Path.of("../docs/architecture.md");

  private static final Set<Party> SERVICES =
      Arrays.stream(Party.values())
          .filter(party -> party.service().isPresent())
          .collect(Collectors.toSet());

  @Test
  void documentationNamesEveryTopicAsItIs() throws IOException {
    List<String> documented = new ArrayList<>();
    for (String line : Files.readAllLines(DOCUMENT)) {
      if (line.startsWith("| `") && line.contains(".v1` |")) {
        String[] cells = line.split("\\|", -1);
        documented.add(row(cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], cells[7]));
      }
    }
    assertThat(documented)
        .containsExactlyInAnyOrderElementsOf(
            TopicAccess.all().stream().map(TopicsTableTest::row).toList());
  }

  private static String row(TopicAccess access) {
    Topic<?> topic = access.topic();
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
        labels(access.writers()),
        labels(access.readers()),
        kept,
        Topics.withDeadLetters().contains(topic) ? "yes" : "no");
  }

  /**
   * In the order of the enumeration; operators, who read everything, only where nobody else does.
   */
  private static String labels(Set<Party> parties) {
    if (parties.size() > 1 && parties.containsAll(SERVICES)) {
      return "every service";
    }
    return Arrays.stream(Party.values())
        .filter(parties::contains)
        .filter(party -> party != Party.OPERATOR || parties.size() == 1)
        .map(Party::label)
        .collect(Collectors.joining(", "));
  }

  private static String row(String... cells) {
    List<String> trimmed = new ArrayList<>();
    for (String cell : cells) {
      trimmed.add(cell.strip());
    }
    return String.join(" | ", trimmed);
  }
}
