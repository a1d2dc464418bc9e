package dev.mlhandoff.tracking.mlflow;

import org.jspecify.annotations.Nullable;

/** A tracking server did not do what it was asked; asking again later is always safe. */
public final class MlflowException extends Exception {

  private static final long serialVersionUID = 1L;

  private final boolean unavailable;
  private final String code;

  private MlflowException(
      boolean unavailable, String code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.unavailable = unavailable;
    this.code = code;
  }

  /** Nobody answered, too late, or not as a tracking server in order does. */
  public static MlflowException unavailable(String message, @Nullable Throwable cause) {
    return new MlflowException(true, "", message, cause);
  }

  /**
   * The server understood and refused.
   *
   * @param code the server's error code, empty if it named none
   */
  static MlflowException refused(String code, String message) {
    return new MlflowException(false, code, message, null);
  }

  /** Whether it may pass without anybody doing anything. */
  public boolean isUnavailable() {
    return unavailable;
  }

  boolean is(String wanted) {
    return code.equals(wanted);
  }
}
