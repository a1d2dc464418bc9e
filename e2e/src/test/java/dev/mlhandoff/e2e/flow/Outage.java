package dev.mlhandoff.e2e.flow;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands in front of a TCP server, and hangs up on as many connections as it is told to. */
final class Outage implements AutoCloseable {

  private final ServerSocket listener;
  private final String host;
  private final int port;
  private final AtomicInteger refusals = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  Outage(String host, int port) throws IOException {
    this.host = host;
    this.port = port;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start("outage", this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** How many connections from now on are hung up on. */
  void refuse(int connections) {
    refused.set(0);
    refusals.set(connections);
  }

  /** How many connections were hung up on since. */
  int refused() {
    return refused.get();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void accept() throws IOException {
    while (!listener.isClosed()) {
      Socket client = listener.accept();
      if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        refused.incrementAndGet();
        client.close();
        continue;
      }
      Socket server = new Socket(host, port);
      start("outage-request", () -> copy(client, server));
      start("outage-answer", () -> copy(server, client));
    }
  }

  private static void copy(Socket from, Socket to) throws IOException {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      long unused = in.transferTo(out);
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private static void start(String name, Step step) {
    Thread thread =
        new Thread(
            () -> {
              try {
                step.run();
              } catch (IOException e) {
                // A closed connection is what this class is for.
                Thread.currentThread().interrupt();
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }
}
