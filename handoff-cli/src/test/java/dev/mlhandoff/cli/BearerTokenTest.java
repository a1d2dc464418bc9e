package dev.mlhandoff.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BearerTokenTest {

  @TempDir private Path folder;

  @Test
  void isTheVariableOrElseTheFile() throws Exception {
    String file = Files.writeString(folder.resolve("token"), "from-file\n").toString();

    assertThat(BearerToken.of(Map.of())).isEmpty();
    assertThat(BearerToken.of(Map.of("HANDOFF_TOKEN_FILE", file))).contains("from-file");
    assertThat(BearerToken.of(Map.of("HANDOFF_TOKEN", "t", "HANDOFF_TOKEN_FILE", file)))
        .contains("t");
  }

  @Test
  void whatIsNoTokenIsNotSent() {
    assertThatThrownBy(() -> BearerToken.of(Map.of("HANDOFF_TOKEN", "a\r\nX-Other: b")))
        .hasMessageContaining("HANDOFF_TOKEN");
    assertThatThrownBy(
            () ->
                BearerToken.of(Map.of("HANDOFF_TOKEN_FILE", folder.resolve("nowhere").toString())))
        .isInstanceOf(NoSuchFileException.class);
  }
}
