package dev.mlhandoff.runtime;

import org.jspecify.annotations.Nullable;

/** Something outside failed that may work later; the record is tried again with back-off. */
public final class TransientException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String code;

  /**
   * @param code the rejection's code if it never works, for example SOURCE_UNAVAILABLE
   */
  public TransientException(String code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public TransientException(String message, @Nullable Throwable cause) {
    this("SERVICE_UNAVAILABLE", message, cause);
  }

  public String code() {
    return code;
  }
}
