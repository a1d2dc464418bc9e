package dev.mlhandoff.gate;

/** The evidence of an attempt is incomplete, unreadable or contradicts itself; final. */
final class EvidenceMismatchException extends Exception {

  private static final long serialVersionUID = 1L;

  EvidenceMismatchException(String message) {
    super(message);
  }

  EvidenceMismatchException(String message, Throwable cause) {
    super(message, cause);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
