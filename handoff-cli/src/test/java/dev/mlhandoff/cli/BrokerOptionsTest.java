package dev.mlhandoff.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BrokerOptionsTest {

  @TempDir private Path folder;

  @Test
  void theOptionWinsOverTheFileAndTheFileOverTheRunningSystem() throws Exception {
    String file =
        Files.writeString(
                folder.resolve("client.properties"),
                "bootstrap.servers=file:1\nsecurity.protocol=SASL_SSL\n")
            .toString();

    assertThat(client()).isEqualTo(Map.of("bootstrap.servers", "running:1"));
    assertThat(client("--client", file))
        .isEqualTo(Map.of("bootstrap.servers", "file:1", "security.protocol", "SASL_SSL"));
    assertThat(client("--client", file, "--bootstrap", "option:1"))
        .isEqualTo(Map.of("bootstrap.servers", "option:1", "security.protocol", "SASL_SSL"));
  }

  @Test
  void withoutABrokerTheCommandSaysSo() {
    assertThatThrownBy(
            () ->
                new BrokerOptions()
                    .client(
                        () -> {
                          throw new IOException("nothing runs");
                        }))
        .hasMessage("nothing runs");
  }

  private static Map<String, Object> client(String... arguments) throws IOException {
    BrokerOptions options = new BrokerOptions();
    new CommandLine(CommandLine.Model.CommandSpec.create().addMixin("broker", mixin(options)))
        .parseArgs(arguments);
    return options.client(() -> "running:1");
  }

  private static CommandLine.Model.CommandSpec mixin(BrokerOptions options) {
    return CommandLine.Model.CommandSpec.forAnnotatedObject(options);
  }
}
