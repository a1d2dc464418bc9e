package dev.mlhandoff.cli;

import dev.mlhandoff.messages.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands that have MOS do something with a model have in common. */
final class ModelOrders {

  @Parameters(paramLabel = "MODEL", description = "model id, as `handoff runs` shows it")
  private String model;

  @Option(
      names = "--home",
      defaultValue = SystemOptions.HOME,
      description = "home of the running system (default: ${DEFAULT-VALUE})")
  private Path home;

  @Option(
      names = "--mos",
      paramLabel = "URL",
      description = "address of MOS (default: the running system's)")
  private @Nullable URI mos;

  @Option(names = "--json", description = "print the service's answer as it is")
  private boolean json;

  String model() {
    return model;
  }

  /** Address of what MOS does with the model, for example at {@code /rollback}. */
  String address(String path) throws IOException {
    String service = mos == null ? Endpoints.read(home).rollouts() : mos.toString();
    return service + "/models/" + Rest.id(model) + path;
  }

  /** Posts an order in the user's name; the answer. */
  byte[] post(String path, @Nullable String reason) throws IOException, InterruptedException {
    String user = System.getProperty("user.name");
    Map<String, String> order =
        reason == null ? Map.of("by", user) : Map.of("by", user, "reason", reason);
    return Rest.post(address(path), Json.write(order));
  }

  /** Prints the answer as it is if that was asked for; whether it was. */
  boolean printed(byte[] answer) throws IOException {
    if (json) {
      System.out.write(answer);
      System.out.println();
    }
    return json;
  }
}
