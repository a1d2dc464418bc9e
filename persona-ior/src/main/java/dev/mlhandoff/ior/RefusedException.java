package dev.mlhandoff.ior;

import java.util.List;
import org.springframework.http.HttpStatus;

/** A request that is not answered; {@link Refusals} says so in the form of each API. */
final class RefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final HttpStatus status;
  private final String code;
  private final transient List<PlacedViolation> violations;

  /** A broken rule and the position of its record in the request. */
  record PlacedViolation(int record, String field, String rule, String message) {}

  RefusedException(HttpStatus status, String code, String message) {
    this(status, code, message, List.of());
  }

  private RefusedException(
      HttpStatus status, String code, String message, List<PlacedViolation> violations) {
    super(message);
    this.status = status;
    this.code = code;
    this.violations = violations;
  }

  /** Records that break rules: every one of them is named. */
  static RefusedException invalid(List<PlacedViolation> violations) {
    return new RefusedException(
        HttpStatus.BAD_REQUEST,
        "INVALID_RECORD",
        "the records break " + violations.size() + " rules",
        List.copyOf(violations));
  }

  HttpStatus status() {
    return status;
  }

  String code() {
    return code;
  }

  List<PlacedViolation> violations() {
    return violations;
  }

  /** Whether the same request may be answered a little later. */
  boolean isPassing() {
    return status == HttpStatus.SERVICE_UNAVAILABLE || status == HttpStatus.TOO_MANY_REQUESTS;
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
