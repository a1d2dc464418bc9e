package dev.mlhandoff.platform;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Finds ports on the loopback address. */
public final class Ports {

  /** What was given out as free may not be listened on yet, and is not given out again. */
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private Ports() {}

  /**
   * The wanted port, or a free one for 0.
   *
   * @param part what will listen there, for the error
   * @param option the option {@code --OPTION-port} that chooses it, for the error
   * @throws PortInUseException if something listens there already
   */
  public static int claim(String part, int wanted, String option) {
    while (true) {
      int port = bind(part, wanted, option);
      if (wanted != 0 || GIVEN.add(port)) {
        return port;
      }
    }
  }

  private static int bind(String part, int wanted, String option) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
      return socket.getLocalPort();
    } catch (IOException e) {
      PortInUseException clash = new PortInUseException(part, wanted, option);
      clash.initCause(e);
      throw clash;
    }
  }
}
