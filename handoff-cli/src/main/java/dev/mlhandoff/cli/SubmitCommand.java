package dev.mlhandoff.cli;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.ProjectOutcome.Status;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes a request. */
@Command(
    name = "submit",
    mixinStandardHelpOptions = true,
    description = "Publish a project request; status 2 if it is rejected.")
final class SubmitCommand implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "the request as JSON; - reads standard input")
  private String file;

  @Option(names = "--wait", description = "show progress until the outcome")
  private boolean wait;

  @Mixin private BrokerOptions broker;

  @Option(
      names = "--home",
      defaultValue = SystemOptions.HOME,
      description = "home of the running system")
  private Path home;

  @Option(names = "--json", description = "print machine-readable output")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    byte[] request =
        file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
    Submission submission =
        Submission.publish(broker.client(() -> Endpoints.read(home).broker()), request);
    if (!wait) {
      System.out.println(
          json
              ? new String(Json.write(Map.of("runId", submission.runId())), StandardCharsets.UTF_8)
              : submission.runId());
      return HandoffCommand.DONE;
    }
    System.err.println("published as " + submission.runId());
    ProjectOutcome outcome = submission.await(json ? line -> {} : System.err::println);
    if (json) {
      System.out.println(new String(Json.write(outcome), StandardCharsets.UTF_8));
      return outcome.status() == Status.COMPLETED ? HandoffCommand.DONE : HandoffCommand.REJECTED;
    }
    return Outcomes.show(outcome);
  }
}
