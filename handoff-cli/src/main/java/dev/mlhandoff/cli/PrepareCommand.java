package dev.mlhandoff.cli;

import dev.mlhandoff.platform.EmbeddedPlatform;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyExistsException;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;

/** Creates what services expect of a broker and an object store; may be called again. */
@Command(
    name = "prepare",
    mixinStandardHelpOptions = true,
    description = {
      "Create the topics on a broker and the bucket on an S3 server, as far as they are missing.",
      "Credentials come from the environment variables that the services read as well:",
      "HANDOFF_ARTIFACTS_ACCESSKEY, HANDOFF_ARTIFACTS_SECRETKEY, SPRING_DATASOURCE_USERNAME,",
      "SPRING_DATASOURCE_PASSWORD."
    })
final class PrepareCommand implements Callable<Integer> {

  @Mixin private BrokerOptions broker;

  @Option(names = "--s3", required = true, description = "address of the S3 server")
  private URI s3;

  @Option(names = "--database", description = "JDBC URL; needed for the sample data")
  private @Nullable String database;

  @Option(
      names = "--sample-catalog",
      description = "load the sample data and write its catalog to this file, unless it is there")
  private @Nullable Path sampleCatalog;

  @Override
  public Integer call() throws Exception {
    if (sampleCatalog != null && database == null) {
      throw new IllegalArgumentException("--sample-catalog needs --database");
    }
    Map<String, Object> client =
        broker.client(
            () -> {
              throw new IOException("--bootstrap, or a --client with bootstrap.servers, is needed");
            });
    Backends backends =
        new Backends(
            String.valueOf(client.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)),
            database == null ? "" : database,
            environment("SPRING_DATASOURCE_USERNAME"),
            environment("SPRING_DATASOURCE_PASSWORD"),
            s3,
            environment("HANDOFF_ARTIFACTS_ACCESSKEY"),
            environment("HANDOFF_ARTIFACTS_SECRETKEY"));
    ContractTopics.createMissing(client);
    say("topics are there");
    createBucket(backends);
    say("bucket " + EmbeddedPlatform.BUCKET + " is there");
    if (sampleCatalog != null) {
      Path folder = sampleCatalog.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      SampleLoader.load(backends, sampleCatalog, PrepareCommand::say);
    }
    return HandoffCommand.DONE;
  }

  private static void createBucket(Backends backends) {
    try (S3Client client = SampleLoader.client(backends)) {
      client.createBucket(create -> create.bucket(EmbeddedPlatform.BUCKET));
    } catch (BucketAlreadyOwnedByYouException | BucketAlreadyExistsException e) {
      say("the bucket was there before");
    }
  }

  private static String environment(String name) {
    String value = System.getenv(name);
    return value == null ? "" : value;
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
