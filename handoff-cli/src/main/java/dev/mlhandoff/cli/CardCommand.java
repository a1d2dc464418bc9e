package dev.mlhandoff.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints a model card. */
@Command(name = "card", mixinStandardHelpOptions = true, description = "Print a model card.")
final class CardCommand implements Callable<Integer> {

  @Parameters(paramLabel = "RUN|MODEL", description = "a run id, a model id, or model/version")
  private String subject;

  @Option(
      names = "--format",
      defaultValue = "md",
      description =
          "json, html, md or cyclonedx, the last as CycloneDX 1.6 JSON (default: ${DEFAULT-VALUE})")
  private String format;

  @Option(names = "--json", description = "the same as --format json")
  private boolean json;

  @Option(names = "-o", description = "write to this file")
  private @Nullable Path output;

  @Option(
      names = "--home",
      defaultValue = SystemOptions.HOME,
      description = "home of the running system")
  private Path home;

  @Override
  public Integer call() throws Exception {
    // A page to keep has no links to the board.
    String wanted = json ? "json" : format.equals("html") ? "html&download" : format;
    byte[] card =
        Rest.get(Endpoints.read(home).cards() + "/cards/" + Rest.id(subject) + "?format=" + wanted);
    if (output == null) {
      System.out.write(card);
      System.out.flush();
    } else {
      Files.write(output, card);
    }
    return HandoffCommand.DONE;
  }
}
