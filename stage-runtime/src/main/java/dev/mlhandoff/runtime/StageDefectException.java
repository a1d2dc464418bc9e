package dev.mlhandoff.runtime;

/** A stage failed in a way nobody foresaw: the record is dead-lettered and the run rejected. */
final class StageDefectException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  StageDefectException(String message, Throwable cause) {
    super(message, cause);
  }
}
