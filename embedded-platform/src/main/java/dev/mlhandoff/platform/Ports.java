package dev.mlhandoff.platform;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds ports on the loopback address. */
public final class Ports {

  private Ports() {}

  /**
   * The wanted port, or a free one for 0.
   *
   * @param part what will listen there, for the error
   * @throws PortInUseException if something listens there already
   */
  public static int claim(String part, int wanted) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
      return socket.getLocalPort();
    } catch (IOException e) {
      PortInUseException clash = new PortInUseException(part, wanted);
      clash.initCause(e);
      throw clash;
    }
  }
}
