package dev.mlhandoff.runtime;

/**
 * Work failed in a way nobody foresaw: trying again is no use. The record is dead-lettered, and
 * where a stage works on it, the run is rejected.
 */
public final class StageDefectException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StageDefectException(String message, Throwable cause) {
    super(message, cause);
  }
}
