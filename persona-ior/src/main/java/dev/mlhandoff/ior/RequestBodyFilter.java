package dev.mlhandoff.ior;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Reads the bodies of predictions, up to a limit, before they are let in: a client that sends
 * slowly then takes no place in the queue.
 */
final class RequestBodyFilter extends OncePerRequestFilter {

  /** Request attribute with the body's bytes. */
  static final String BODY = "dev.mlhandoff.ior.body";

  private final int limit;

  /**
   * @param limit largest body in bytes
   */
  RequestBodyFilter(int limit) {
    this.limit = limit;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !AdmissionFilter.isPrediction(request);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      response.setHeader("Accept-Encoding", "identity");
      Refusals.write(
          new RefusedException(
              HttpStatus.UNSUPPORTED_MEDIA_TYPE,
              "UNSUPPORTED_ENCODING",
              "bodies are read as they are, not compressed"),
          request,
          response);
      return;
    }
    byte[] body =
        request.getContentLengthLong() > limit
            ? new byte[0]
            : request.getInputStream().readNBytes(limit + 1);
    if (request.getContentLengthLong() > limit || body.length > limit) {
      Refusals.write(
          new RefusedException(
              HttpStatus.CONTENT_TOO_LARGE, "REQUEST_TOO_LARGE", "at most " + limit + " bytes"),
          request,
          response);
      return;
    }
    request.setAttribute(BODY, body);
    chain.doFilter(request, response);
  }
}
