package dev.mlhandoff.platform;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Broker, database and object store together, started side by side. */
public final class EmbeddedPlatform implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(EmbeddedPlatform.class);

  /** The bucket that exists from the start. */
  public static final String BUCKET = "handoff";

  private final EmbeddedBroker broker;
  private final EmbeddedDatabase database;
  private final EmbeddedObjectStore objectStore;

  private EmbeddedPlatform(
      EmbeddedBroker broker, EmbeddedDatabase database, EmbeddedObjectStore objectStore) {
    this.broker = broker;
    this.database = database;
    this.objectStore = objectStore;
  }

  /**
   * Starts all three.
   *
   * @throws PortInUseException before anything is started, if a port is taken
   */
  public static EmbeddedPlatform start(PlatformOptions options) throws IOException {
    int kafkaPort = Ports.claim("Kafka", options.kafkaPort(), "kafka");
    int postgresPort = Ports.claim("PostgreSQL", options.postgresPort(), "postgres");
    int s3Port = Ports.claim("S3", options.s3Port(), "s3");
    CompletableFuture<EmbeddedBroker> broker =
        async(() -> EmbeddedBroker.start(options.home().resolve("kafka"), kafkaPort));
    CompletableFuture<EmbeddedDatabase> database =
        async(
            () ->
                EmbeddedDatabase.start(
                    options.home().resolve("postgres"), postgresPort, options.durable()));
    CompletableFuture<EmbeddedObjectStore> objectStore =
        async(() -> EmbeddedObjectStore.start(options.home().resolve("s3"), s3Port, BUCKET));
    try {
      return new EmbeddedPlatform(broker.join(), database.join(), objectStore.join());
    } catch (CompletionException e) {
      closeIfStarted(broker);
      closeIfStarted(database);
      closeIfStarted(objectStore);
      throw new IOException("the embedded platform did not start: " + e.getCause(), e.getCause());
    }
  }

  public EmbeddedBroker broker() {
    return broker;
  }

  public EmbeddedDatabase database() {
    return database;
  }

  public EmbeddedObjectStore objectStore() {
    return objectStore;
  }

  @Override
  public void close() throws IOException {
    try {
      broker.close();
    } finally {
      try {
        objectStore.close();
      } finally {
        database.close();
      }
    }
  }

  private static <T> CompletableFuture<T> async(Callable<T> start) {
    CompletableFuture<T> started = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                started.complete(start.call());
              } catch (Throwable e) {
                started.completeExceptionally(e);
              }
            },
            "platform-start");
    thread.start();
    return started;
  }

  private static void closeIfStarted(CompletableFuture<? extends AutoCloseable> part) {
    try {
      part.join().close();
    } catch (CompletionException e) {
      // It did not start either; the first failure is the one that is reported.
      log.debug("a part of the platform did not start", e);
    } catch (Exception e) {
      log.warn("could not stop a part of the platform", e);
    }
  }
}
