package dev.mlhandoff.messages;

import dev.mlhandoff.messages.MessageSchema.Violation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.JsonNode;

/** Reads what users publish, and says precisely what is wrong with it. */
public final class ProjectRequests {

  private static final MessageSchema SCHEMA = MessageSchema.of("project-request");

  private ProjectRequests() {}

  /**
   * Reads a request and fills in the defaults.
   *
   * @throws InvalidMessageException with REQUEST_TOO_LARGE, EMPTY_REQUEST, INVALID_JSON or
   *     INVALID_REQUEST; all broken rules stand in the message, the pointer names the first
   */
  public static ProjectRequest parse(byte @Nullable [] content) throws InvalidMessageException {
    if (content == null || content.length == 0) {
      throw new InvalidMessageException("EMPTY_REQUEST", "the record has no value", "");
    }
    if (content.length > Topics.MAX_REQUEST_BYTES) {
      throw new InvalidMessageException(
          "REQUEST_TOO_LARGE",
          "the request has %d bytes, at most %d are allowed"
              .formatted(content.length, Topics.MAX_REQUEST_BYTES),
          "");
    }
    JsonNode tree = tree(content);
    List<Violation> violations = SCHEMA.violations(tree);
    if (!violations.isEmpty()) {
      throw new InvalidMessageException(
          "INVALID_REQUEST",
          violations.stream()
              .map(v -> (v.pointer().isEmpty() ? "request" : v.pointer()) + ": " + v.message())
              .collect(Collectors.joining("; ")),
          violations.get(0).pointer());
    }
    ProjectRequest request = Json.convert(tree, ProjectRequest.class);
    checkRollout(request.rollout());
    return request;
  }

  /** The model id of a project's name: lower-case letters and digits, joined by single hyphens. */
  public static String modelId(String name) {
    String slug =
        name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
    return slug.length() <= 63 ? slug : slug.substring(0, 63).replaceAll("-+$", "");
  }

  private static JsonNode tree(byte[] content) throws InvalidMessageException {
    try {
      return Json.tree(content);
    } catch (StreamConstraintsException e) {
      throw new InvalidMessageException(
          "INVALID_JSON",
          "the JSON nests deeper than " + Json.MAX_DEPTH + " levels or is too long",
          "");
    } catch (JacksonException e) {
      throw new InvalidMessageException(
          "INVALID_JSON", "not JSON in UTF-8: " + firstLine(e.getOriginalMessage()), "");
    }
  }

  private static void checkRollout(Rollout rollout) throws InvalidMessageException {
    int last = 0;
    for (int i = 0; i < rollout.steps().size(); i++) {
      int step = rollout.steps().get(i);
      if (step <= last) {
        throw new InvalidMessageException(
            "INVALID_REQUEST", "rollout steps must rise", "/rollout/steps/" + i);
      }
      last = step;
    }
    if (last != 100) {
      throw new InvalidMessageException(
          "INVALID_REQUEST",
          "the last rollout step must be 100",
          "/rollout/steps/" + (rollout.steps().size() - 1));
    }
  }

  private static String firstLine(@Nullable String message) {
    String text = message == null ? "unreadable" : message.lines().findFirst().orElse("unreadable");
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= 300 ? text : text.substring(0, Math.min(text.length(), 200)) + "…";
  }
}
