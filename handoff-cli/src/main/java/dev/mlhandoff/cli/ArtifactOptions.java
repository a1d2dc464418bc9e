package dev.mlhandoff.cli;

import dev.mlhandoff.platform.EmbeddedObjectStore;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.FileArtifactStore;
import dev.mlhandoff.runtime.S3ArtifactStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of everything that reads artifacts itself. */
final class ArtifactOptions {

  @Option(
      names = "--home",
      defaultValue = SystemOptions.HOME,
      description = "home of the running system (default: ${DEFAULT-VALUE})")
  private Path home;

  @Option(
      names = "--cards",
      description = "address of the card service (default: the running system's)")
  private @Nullable String cards;

  @Option(
      names = "--artifacts",
      description =
          "artifact store, s3://BUCKET or file:///FOLDER (default: the running system's); S3 with"
              + " the machine's own credentials")
  private @Nullable URI artifacts;

  @Option(names = "--s3-endpoint", description = "address of an S3 server other than Amazon's")
  private @Nullable URI endpoint;

  /** The card service, without a slash at its end. */
  String cards() throws IOException {
    return cards == null ? Endpoints.read(home).cards() : cards.replaceAll("/+$", "");
  }

  /** The card service, if one is named or runs. */
  Optional<String> findCards() throws IOException {
    return cards == null && Endpoints.find(home).isEmpty()
        ? Optional.empty()
        : Optional.of(cards());
  }

  /** Where predictions are answered, in the running system. */
  String predict() throws IOException {
    return Endpoints.read(home).predict();
  }

  /** The broker of the running system. */
  String broker() throws IOException {
    return Endpoints.read(home).broker();
  }

  /** The store that the services write to. */
  ArtifactStore store() throws IOException {
    if (artifacts == null) {
      return new S3ArtifactStore(
          "handoff",
          URI.create(Endpoints.read(home).objectStore()),
          "us-east-1",
          EmbeddedObjectStore.ACCESS_KEY,
          EmbeddedObjectStore.SECRET_KEY);
    }
    if ("file".equals(artifacts.getScheme())) {
      return new FileArtifactStore(Path.of(artifacts));
    }
    String bucket = artifacts.getHost();
    if (!"s3".equals(artifacts.getScheme()) || bucket == null) {
      throw new IOException("--artifacts is s3://BUCKET or file:///FOLDER");
    }
    return new S3ArtifactStore(bucket, endpoint, "us-east-1", null, null);
  }
}
