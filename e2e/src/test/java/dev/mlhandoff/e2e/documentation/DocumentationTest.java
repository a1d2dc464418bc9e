package dev.mlhandoff.e2e.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.mlhandoff.cli.HandoffCommand;
import dev.mlhandoff.messages.ProjectRequests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DocumentationTest {

  private static final Path ROOT = Path.of("..");
  private static final Pattern TABLE_ROW = Pattern.compile("\\| `handoff ([^|].*?)` \\|");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]+)(?:#[^)\\s]*)?\\)");
  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--?[a-z][a-z0-9-]*");

  @Test
  void everyCommandInACodeBlockIsOneThatTheCommandTakes() throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path page : pages()) {
      lines.addAll(commands(page));
    }
    assertThat(lines).hasSizeGreaterThan(4);
    for (String line : lines) {
      String[] arguments = line.strip().split("\\s+");
      assertThatCode(() -> HandoffCommand.commandLine().parseArgs(arguments))
          .as("handoff %s", line)
          .doesNotThrowAnyException();
    }
  }

  @Test
  void theReadmesTableHasEveryCommandAndNoOptionThatIsNotThere() throws IOException {
    var subcommands = HandoffCommand.commandLine().getSubcommands();
    List<String> described = new ArrayList<>();
    Matcher row =
        TABLE_ROW.matcher(Files.readString(ROOT.resolve("README.md")).replace("\\|", "/"));
    while (row.find()) {
      for (String usage : row.group(1).split("`, `handoff ", -1)) {
        String name = usage.split(" ", 2)[0];
        described.add(name);
        assertThat(subcommands).as(usage).containsKey(name);
        CommandLine command = Objects.requireNonNull(subcommands.get(name));
        Matcher option = OPTION.matcher(usage);
        while (option.find()) {
          assertThat(optionNames(command)).as(usage).contains(option.group());
        }
      }
    }
    assertThat(described).containsExactlyInAnyOrderElementsOf(subcommands.keySet());
  }

  private static Set<String> optionNames(CommandLine command) {
    Set<String> names = new HashSet<>(command.getCommandSpec().optionsMap().keySet());
    names.addAll(command.getCommandSpec().negatedOptionsMap().keySet());
    return names;
  }

  @Test
  void everyOptionExplainsItself() {
    HandoffCommand.commandLine()
        .getSubcommands()
        .forEach(
            (name, command) -> {
              assertThat(command.getCommandSpec().usageMessage().description())
                  .as(name)
                  .isNotEmpty();
              command
                  .getCommandSpec()
                  .options()
                  .forEach(
                      option ->
                          assertThat(option.description())
                              .as("%s %s", name, option.longestName())
                              .isNotEmpty());
            });
  }

  @Test
  void everyCodeThatARejectionCanCarryIsListed() throws IOException {
    assertThat(FailureCodes.ofSources()).hasSizeGreaterThan(20);
    assertThat(FailureCodes.ofReadme()).containsAll(FailureCodes.ofSources());
  }

  @Test
  void theSampleRequestsAreRequests() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve("requests"))) {
      for (Path file : files.toList()) {
        assertThatCode(() -> ProjectRequests.parse(Files.readAllBytes(file)))
            .as(file.toString())
            .doesNotThrowAnyException();
      }
    }
  }

  @Test
  void everyLinkToAFileOfTheProjectLeadsToOne() throws IOException {
    int links = 0;
    for (Path page : pages()) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        links++;
        assertThat(page.resolveSibling(link.group(1))).as("in %s", page).exists();
      }
    }
    assertThat(links).isGreaterThan(20);
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (Path folder : List.of(ROOT, ROOT.resolve("docs"))) {
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
      }
    }
    return pages;
  }

  /** What follows {@code ./handoff} in the code blocks of a page, without shell syntax. */
  private static List<String> commands(Path page) throws IOException {
    List<String> commands = new ArrayList<>();
    boolean code = false;
    for (String line : Files.readAllLines(page)) {
      if (line.startsWith("```")) {
        code = !code;
      } else if (code && line.strip().startsWith("./handoff ")) {
        commands.add(line.strip().substring("./handoff ".length()).split(" [#|>&]", 2)[0]);
      }
    }
    return commands;
  }
}
