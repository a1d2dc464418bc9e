package dev.mlhandoff.e2e.flow;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Takes spans as OTLP over HTTP, and keeps them. */
final class TraceReceiver implements AutoCloseable {

  private static final String PATH = "/v1/traces";
  private static final int OK = 200;

  private final HttpServer server;
  private final Queue<Received> received = new ConcurrentLinkedQueue<>();

  private TraceReceiver(HttpServer server) {
    this.server = server;
  }

  static TraceReceiver start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    TraceReceiver receiver = new TraceReceiver(server);
    server.createContext(PATH, receiver::take);
    server.start();
    return receiver;
  }

  String endpoint() {
    return "http://localhost:" + server.getAddress().getPort() + PATH;
  }

  /** Everything that says it is of this run. */
  List<Received> ofRun(String runId) {
    return received.stream()
        .filter(span -> span.attribute("handoff.run_id").equals(runId))
        .distinct()
        .toList();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void take(HttpExchange exchange) throws IOException {
    ExportTraceServiceRequest request =
        ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
    for (ResourceSpans resource : request.getResourceSpansList()) {
      String service = value(resource.getResource().getAttributesList(), "service.name").orElse("");
      for (ScopeSpans scope : resource.getScopeSpansList()) {
        scope.getSpansList().forEach(span -> received.add(new Received(service, span)));
      }
    }
    exchange.sendResponseHeaders(OK, -1);
    exchange.close();
  }

  private static Optional<String> value(List<KeyValue> attributes, String key) {
    return attributes.stream()
        .filter(attribute -> attribute.getKey().equals(key))
        .map(attribute -> attribute.getValue())
        .map(any -> any.hasIntValue() ? String.valueOf(any.getIntValue()) : any.getStringValue())
        .findFirst();
  }

  /** A span and the service that told it. */
  record Received(String service, Span span) {

    String name() {
      return span.getName();
    }

    String traceId() {
      return hex(span.getTraceId());
    }

    String id() {
      return hex(span.getSpanId());
    }

    /** Empty for a root. */
    String parent() {
      return hex(span.getParentSpanId());
    }

    /** Of a text or a whole number; empty if there is none. */
    String attribute(String key) {
      return value(span.getAttributesList(), key).orElse("");
    }

    private static String hex(ByteString bytes) {
      return HexFormat.of().formatHex(bytes.toByteArray());
    }
  }
}
