package dev.mlhandoff.cli;

import dev.mlhandoff.cli.sample.SampleData;
import dev.mlhandoff.platform.EmbeddedPlatform;
import dev.mlhandoff.runtime.S3ArtifactStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.function.Consumer;
import software.amazon.awssdk.services.s3.S3Client;

/** Loads the sample data into a database and an object store, and writes its catalog. */
final class SampleLoader {

  private static final String PREFIX = "customer_transactions_2025/transactions/";
  private static final long SEED = 42;

  private SampleLoader() {}

  /**
   * Does nothing if the catalog is there. It is written last: a load that was cut off is done
   * again.
   *
   * @param say told what is being done
   */
  static void load(Backends backends, Path catalog, Consumer<String> say) throws Exception {
    if (Files.exists(catalog)) {
      return;
    }
    say.accept("generating the sample data customer_transactions_2025");
    Path work = Files.createTempDirectory("sample");
    try (Connection connection =
            DriverManager.getConnection(
                backends.database(), backends.databaseUser(), backends.databasePassword());
        S3Client s3 = client(backends)) {
      SampleData.Summary summary =
          new SampleData(Integer.getInteger("handoff.sample.customers", 20_000), SEED)
              .load(
                  connection,
                  work,
                  (name, file) ->
                      s3.putObject(
                          put -> put.bucket(EmbeddedPlatform.BUCKET).key(PREFIX + name), file));
      say.accept(
          "%,d customers, %,d transactions; the true process would score an AUC of %.3f"
              .formatted(summary.customers(), summary.transactions(), summary.oracleAuc()));
    }
    try (InputStream content = SampleLoader.class.getResourceAsStream("/sample-catalog.yml")) {
      if (content == null) {
        throw new IOException("the sample catalog is missing from the class path");
      }
      Files.copy(content, catalog);
    }
  }

  static S3Client client(Backends backends) {
    return S3ArtifactStore.client(
        backends.objectStore(), "us-east-1", backends.accessKey(), backends.secretKey());
  }
}
