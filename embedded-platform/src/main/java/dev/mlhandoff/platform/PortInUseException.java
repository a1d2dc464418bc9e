package dev.mlhandoff.platform;

/** Another program listens where a part of the platform wants to. */
public final class PortInUseException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  PortInUseException(String part, int port, String option) {
    super(
        "%s cannot listen on port %d: another program does. Choose another port with --%s-port (0 takes a free one)."
            .formatted(part, port, option));
  }
}
