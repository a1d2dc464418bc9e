package dev.mlhandoff.tracking.mlflow;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** Artifacts of runs, through the server's proxy. */
public final class ArtifactsApi {

  private static final String SCHEME = "mlflow-artifacts";
  private static final String PROXY_PATH = "/api/2.0/mlflow-artifacts/artifacts";

  private final Connection connection;

  public ArtifactsApi(MlflowServer server) {
    this.connection = new Connection(server);
  }

  /** Whether the server takes artifacts for this run; otherwise only its own clients can write. */
  public static boolean isProxied(TrackedRun run) {
    return run.artifactUri().startsWith(SCHEME + ":");
  }

  /**
   * Stores a file, replacing what was there, and looks whether all of it arrived.
   *
   * @param path where, with {@code /} between the parts
   */
  public void put(TrackedRun run, String path, Path file) throws MlflowException, IOException {
    String root = root(run);
    connection.putArtifact(root + "/" + path, file);
    long stored = size(root, path);
    if (stored != Files.size(file)) {
      throw MlflowException.unavailable(
          "of %s the server kept %d bytes instead of %d".formatted(path, stored, Files.size(file)),
          null);
    }
  }

  /** Bytes of the file that has exactly this path; -1 if there is none. */
  private long size(String root, String path) throws MlflowException {
    int slash = path.lastIndexOf('/');
    String folder = slash < 0 ? root : root + "/" + path.substring(0, slash);
    String name = path.substring(slash + 1);
    for (JsonNode entry : connection.listArtifacts(folder).path("files")) {
      // Servers list a folder by the names of what is in it, without the folder.
      if (entry.path("path").asString("").equals(name) && !entry.path("is_dir").asBoolean(false)) {
        return entry.path("file_size").asLong(-1);
      }
    }
    return -1;
  }

  /** The part of the artifact address that the proxy wants: below its root. */
  private static String root(TrackedRun run) {
    String path = URI.create(run.artifactUri()).getPath();
    String below = path.startsWith(PROXY_PATH) ? path.substring(PROXY_PATH.length()) : path;
    return below.replaceAll("^/+|/+$", "");
  }
}
