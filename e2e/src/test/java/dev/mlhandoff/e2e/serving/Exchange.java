package dev.mlhandoff.e2e.serving;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalInt;

/** A connection that carries one request after the other, and is never waited for. */
final class Exchange {

  /** Small, as there are thousands: a stall of the server must not become one of the generator. */
  private static final int BUFFER = 4 * 1024;

  private static final byte[] END_OF_HEAD = bytes("\r\n\r\n");
  private static final byte[] END_OF_CHUNKS = bytes("0\r\n\r\n");
  private static final int STATUS = "HTTP/1.1 ".length();
  private static final String LENGTH = "content-length:";

  private final SocketChannel channel;
  private final SelectionKey key;
  private ByteBuffer received = ByteBuffer.allocate(BUFFER);
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
    if (!received.hasRemaining()) {
      received = ByteBuffer.allocate(2 * received.capacity()).put(received.flip());
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
    int size = received.position();
    int end = indexOf(END_OF_HEAD, 0, size);
    if (end < 0) {
      return OptionalInt.empty();
    }
    String head = new String(received.array(), 0, end, StandardCharsets.ISO_8859_1);
    String lower = head.toLowerCase(Locale.ROOT);
    int body = end + END_OF_HEAD.length;
    int length = lower.indexOf(LENGTH);
    boolean whole =
        length >= 0
            ? size - body >= length(lower, length + LENGTH.length())
            : indexOf(END_OF_CHUNKS, Math.max(body, size - END_OF_CHUNKS.length), size) >= 0;
    if (!whole) {
      return OptionalInt.empty();
    }
    received.clear();
    busy = false;
    closing = lower.contains("connection: close");
    return OptionalInt.of(Integer.parseInt(head, STATUS, STATUS + 3, 10));
  }

  private static int length(String head, int from) {
    int end = head.indexOf('\r', from);
    return Integer.parseInt(head.substring(from, end < 0 ? head.length() : end).strip());
  }

  private int indexOf(byte[] wanted, int from, int to) {
    byte[] bytes = received.array();
    for (int i = from; i + wanted.length <= to; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
