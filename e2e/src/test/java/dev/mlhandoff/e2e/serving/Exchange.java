package dev.mlhandoff.e2e.serving;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.OptionalInt;

/** A connection that carries one request after the other, and is never waited for. */
final class Exchange {

  private static final int BUFFER = 64 * 1024;
  private static final String END_OF_CHUNKS = "0\r\n\r\n";

  private final SocketChannel channel;
  private final SelectionKey key;
  private final ByteBuffer received = ByteBuffer.allocate(BUFFER);
  private ByteBuffer toSend = ByteBuffer.allocate(0);
  private long due;
  private boolean busy;
  private boolean closing;

  Exchange(Selector selector, InetSocketAddress address) throws IOException {
    channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
    boolean connected = channel.connect(address);
    key = channel.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT);
    key.attach(this);
  }

  /** Sends a request as soon as the connection takes it. */
  void send(byte[] request, long dueAt) throws IOException {
    toSend = ByteBuffer.wrap(request);
    due = dueAt;
    busy = true;
    if (channel.isConnected()) {
      write();
    }
  }

  /** Does what the connection is ready for; the status once a response is complete. */
  OptionalInt advance() throws IOException {
    if (key.isConnectable()) {
      channel.finishConnect();
      write();
    }
    if (key.isValid() && key.isWritable()) {
      write();
    }
    if (!key.isValid() || !key.isReadable()) {
      return OptionalInt.empty();
    }
    if (channel.read(received) < 0) {
      throw new IOException("closed by the server");
    }
    return complete();
  }

  boolean isBusy() {
    return busy;
  }

  /** Whether the server ends the connection after this response. */
  boolean isClosing() {
    return closing;
  }

  /** When the request was due, in {@link System#nanoTime}. */
  long due() {
    return due;
  }

  void close() {
    key.cancel();
    try {
      channel.close();
    } catch (IOException e) {
      // It is gone, which is what was wanted.
    }
  }

  private void write() throws IOException {
    channel.write(toSend);
    key.interestOps(
        toSend.hasRemaining()
            ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
            : SelectionKey.OP_READ);
  }

  private OptionalInt complete() {
    String text = new String(received.array(), 0, received.position(), StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      return OptionalInt.empty();
    }
    String head = text.substring(0, end).toLowerCase(Locale.ROOT);
    int body = text.length() - end - 4;
    int length = head.indexOf("content-length:");
    boolean whole =
        length >= 0
            ? body
                >= Integer.parseInt(
                    head.substring(length + 15).lines().findFirst().orElse("").strip())
            : text.endsWith(END_OF_CHUNKS);
    if (!whole) {
      return OptionalInt.empty();
    }
    received.clear();
    busy = false;
    closing = head.contains("connection: close");
    return OptionalInt.of(Integer.parseInt(head.substring(9, 12)));
  }
}
