package dev.mlhandoff.cli;

import dev.mlhandoff.cli.verify.CardVerification;
import dev.mlhandoff.cli.verify.Line;
import dev.mlhandoff.cli.verify.Line.State;
import dev.mlhandoff.messages.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Holds a card against the artifacts it names; the status tells whether all of it is true. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description =
        "Read every artifact of a model card again, compute its numbers again, and say line by line"
            + " what holds. Exit status 1 if anything does not.")
final class VerifyCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "CARD",
      description = "a card as JSON in a file, or a run id, a model id, or model/version")
  private String subject;

  @Option(names = "--json", description = "print the lines as JSON")
  private boolean json;

  @Mixin private ArtifactOptions artifacts;

  @Override
  public Integer call() throws Exception {
    Path file = Path.of(subject);
    byte[] card =
        Files.isRegularFile(file)
            ? Files.readAllBytes(file)
            : Rest.get(artifacts.cards() + "/cards/" + Rest.id(subject));
    Consumer<Line> print =
        line ->
            System.out.printf(
                "%-9s  %s: %s%n",
                line.state() == State.FAILS
                    ? "FAILS"
                    : line.state().name().toLowerCase(Locale.ROOT),
                line.subject(),
                line.detail());
    List<Line> lines =
        new CardVerification(artifacts.store(), trail(), json ? line -> {} : print).verify(card);
    long failed = lines.stream().filter(line -> line.state() == State.FAILS).count();
    if (json) {
      System.out.write(Json.writePretty(lines));
      System.out.println();
    } else {
      System.out.printf(
          "%d lines: %d hold, %d do not, %d could not be checked%n",
          lines.size(),
          lines.stream().filter(line -> line.state() == State.HOLDS).count(),
          failed,
          lines.stream().filter(line -> line.state() == State.UNCHECKED).count());
    }
    return failed == 0 ? HandoffCommand.DONE : HandoffCommand.FAILED;
  }

  private CardVerification.@Nullable Trail trail() throws IOException {
    String cards = artifacts.findCards().orElse(null);
    if (cards == null) {
      return null;
    }
    return new CardVerification.Trail() {
      @Override
      public JsonNode run(String runId) throws IOException, InterruptedException {
        return Json.tree(Rest.get(cards + "/runs/" + Rest.id(runId)));
      }

      @Override
      public byte[] card(String runId) throws IOException, InterruptedException {
        return Rest.get(cards + "/cards/" + Rest.id(runId));
      }
    };
  }
}
