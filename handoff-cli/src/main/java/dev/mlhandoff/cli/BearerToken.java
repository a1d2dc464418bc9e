package dev.mlhandoff.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The token with which the user orders something of services that require one. */
final class BearerToken {

  private static final String VARIABLE = "HANDOFF_TOKEN";
  private static final String FILE_VARIABLE = "HANDOFF_TOKEN_FILE";

  private BearerToken() {}

  /**
   * What {@code HANDOFF_TOKEN} holds, or else the file that {@code HANDOFF_TOKEN_FILE} names.
   *
   * @throws IOException if that file cannot be read, or holds more than a token
   */
  static Optional<String> of(Map<String, String> environment) throws IOException {
    String token = environment.getOrDefault(VARIABLE, "").strip();
    String file = environment.getOrDefault(FILE_VARIABLE, "").strip();
    if (token.isEmpty() && !file.isEmpty()) {
      token = Files.readString(Path.of(file)).strip();
    }
    if (token.chars().anyMatch(character -> character <= ' ' || character > '~')) {
      throw new IOException(VARIABLE + " or its file holds more than a token");
    }
    return token.isEmpty() ? Optional.empty() : Optional.of(token);
  }
}
