package dev.mlhandoff.runtime.access;

import dev.mlhandoff.messages.Json;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Why a call is refused, as problem+json (RFC 9457) with the challenge of RFC 6750, section 3. */
enum Refusal {
  TOKEN_MISSING(401, "Unauthorized", "Bearer", "this changes something, and needs a bearer token"),
  TOKEN_UNKNOWN(
      401, "Unauthorized", "Bearer error=\"invalid_token\"", "nobody holds this bearer token"),
  ROLE_MISSING(
      403,
      "Forbidden",
      "Bearer error=\"insufficient_scope\"",
      "the holder of this token does not have the role that this needs: ");

  private final int status;
  private final String title;
  private final String challenge;
  private final String detail;

  Refusal(int status, String title, String challenge, String detail) {
    this.status = status;
    this.title = title;
    this.challenge = challenge;
    this.detail = detail;
  }

  /**
   * Writes the whole answer.
   *
   * @param needed what the detail ends with
   */
  void answer(HttpServletResponse response, String needed) throws IOException {
    Map<String, Object> problem = new LinkedHashMap<>();
    problem.put("type", "about:blank");
    problem.put("title", title);
    problem.put("status", status);
    problem.put("detail", detail + needed);
    problem.put("code", name());
    response.setStatus(status);
    response.setHeader("WWW-Authenticate", challenge);
    response.setContentType("application/problem+json");
    response.getOutputStream().write(Json.write(problem));
  }
}
