package dev.mlhandoff.e2e.serving;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Sends requests at a fixed rate, however long the answers take: a slow answer holds no later
 * request back, and each is measured from when it was due. One thread, so that it takes little of
 * its core.
 */
final class OpenLoop {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final double SECOND = 1e9;

  private final InetSocketAddress address;
  private final List<byte[]> requests;
  private final int connections;

  /**
   * @param requests sent in turn, each with its head
   * @param connections most at the same time; what finds none waits, and is measured all the same
   */
  OpenLoop(InetSocketAddress address, List<byte[]> requests, int connections) {
    this.address = address;
    this.requests = requests;
    this.connections = connections;
  }

  LoadReport run(double rate, Duration duration) throws IOException {
    try (Selector selector = Selector.open()) {
      return new Run(selector, rate, duration).run();
    }
  }

  private final class Run {
    private final Selector selector;
    private final LoadReport report;
    private final double interval;
    private final long total;
    private final Deque<Exchange> idle = new ArrayDeque<>();
    private final Set<Exchange> open = new HashSet<>();
    private final Deque<Long> waiting = new ArrayDeque<>();
    private long issued;
    private long sent;

    private Run(Selector selector, double rate, Duration duration) {
      this.selector = selector;
      this.report = new LoadReport(rate);
      this.interval = SECOND / rate;
      this.total = Math.round(rate * duration.toNanos() / SECOND);
    }

    private LoadReport run() throws IOException {
      long start = System.nanoTime();
      long giveUp = start + (long) (total * interval) + PATIENCE.toNanos();
      while (issued < total || !waiting.isEmpty() || open.size() > idle.size()) {
        long now = System.nanoTime();
        if (now > giveUp) {
          break;
        }
        for (long due = due(start); issued < total && due <= now; due = due(start)) {
          report.due(now - due);
          waiting.add(due);
          issued++;
        }
        send();
        selector.select(1);
        for (SelectionKey key : selector.selectedKeys()) {
          advance((Exchange) key.attachment());
        }
        selector.selectedKeys().clear();
      }
      for (Exchange exchange : open) {
        if (exchange.isBusy()) {
          report.failed("no answer");
        }
        exchange.close();
      }
      waiting.forEach(due -> report.failed("never sent"));
      return report;
    }

    private long due(long start) {
      return start + (long) (issued * interval);
    }

    private void send() {
      while (!waiting.isEmpty() && (!idle.isEmpty() || open.size() < connections)) {
        long due = waiting.remove();
        Exchange exchange = null;
        try {
          exchange = idle.isEmpty() ? new Exchange(selector, address) : idle.pop();
          open.add(exchange);
          exchange.send(requests.get((int) (sent++ % requests.size())), due);
        } catch (IOException e) {
          report.failed(String.valueOf(e.getMessage()));
          drop(exchange);
        }
      }
    }

    private void advance(Exchange exchange) {
      try {
        OptionalInt status = exchange.advance();
        if (status.isPresent()) {
          report.answered(status.getAsInt(), System.nanoTime() - exchange.due());
          if (exchange.isClosing()) {
            drop(exchange);
          } else {
            idle.push(exchange);
          }
        }
      } catch (IOException e) {
        if (exchange.isBusy()) {
          report.failed(String.valueOf(e.getMessage()));
        }
        drop(exchange);
      }
    }

    private void drop(@org.jspecify.annotations.Nullable Exchange exchange) {
      if (exchange != null) {
        exchange.close();
        open.remove(exchange);
        idle.remove(exchange);
      }
    }
  }
}
