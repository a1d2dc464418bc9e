package dev.mlhandoff.ior;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.mlhandoff.ior.OpenInference.ErrorResponse;
import dev.mlhandoff.ior.RefusedException.PlacedViolation;
import dev.mlhandoff.messages.Json;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Answers what goes wrong in the form of the API that was asked: the protocol's error object below
 * {@code /v2}, problem+json (RFC 9457) elsewhere. Nothing of an unexpected failure but its being
 * one is told.
 */
final class Refusals implements HandlerExceptionResolver, Ordered {

  private static final Logger log = LoggerFactory.getLogger(Refusals.class);

  /** Seconds after which a refused request may come again. */
  private static final String RETRY_AFTER = "1";

  /** A refusal as problem+json. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  private record Problem(
      String title, int status, String code, String detail, List<PlacedViolation> violations) {}

  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }

  @Override
  public @Nullable ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Object handler,
      Exception failure) {
    String path = request.getRequestURI();
    if (!(isProtocol(request) || path.endsWith("/predict") || path.startsWith("/models"))) {
      return null;
    }
    try {
      write(refusal(failure, response), request, response);
    } catch (IOException e) {
      log.debug("the client did not take its refusal: {}", e.toString());
    }
    return new ModelAndView();
  }

  /** Writes a refusal. */
  static void write(
      RefusedException refusal, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setStatus(refusal.status().value());
    if (refusal.isPassing()) {
      response.setHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER);
    }
    byte[] body;
    if (isProtocol(request)) {
      response.setContentType(MediaType.APPLICATION_JSON_VALUE);
      body = Json.write(new ErrorResponse(sentence(refusal)));
    } else {
      response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
      body =
          Json.write(
              new Problem(
                  refusal.status().getReasonPhrase(),
                  refusal.status().value(),
                  refusal.code(),
                  refusal.reason(),
                  refusal.violations()));
    }
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  private static String sentence(RefusedException refusal) {
    return refusal.violations().stream()
        .map(v -> "; row %d, %s: %s".formatted(v.record(), v.field(), v.message()))
        .collect(Collectors.joining("", refusal.code() + ": " + refusal.reason(), ""));
  }

  private static RefusedException refusal(Exception failure, HttpServletResponse response) {
    if (failure instanceof RefusedException refused) {
      return refused;
    }
    if (failure instanceof org.springframework.web.ErrorResponse known) {
      HttpStatus status =
          HttpStatus.valueOf(known.getStatusCode().value()); // Spring's own are standard ones
      known.getHeaders().forEach((name, values) -> response.setHeader(name, values.get(0)));
      return new RefusedException(
          status, status.name(), String.valueOf(known.getBody().getDetail()));
    }
    log.error("a request could not be answered", failure);
    return new RefusedException(
        HttpStatus.INTERNAL_SERVER_ERROR, "INTERNAL", "the request could not be answered");
  }

  private static boolean isProtocol(HttpServletRequest request) {
    String path = request.getRequestURI();
    return path.equals("/v2") || path.startsWith("/v2/");
  }
}
