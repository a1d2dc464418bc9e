package dev.mlhandoff.ml.bundle;

/** A model bundle that must not be served: incomplete, altered, or scoring differently. */
public final class BundleException extends Exception {

  private static final long serialVersionUID = 1L;

  BundleException(String message) {
    super(message);
  }

  BundleException(String message, Throwable cause) {
    super(message, cause);
  }
}
