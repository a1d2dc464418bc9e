package dev.mlhandoff.platform;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** An S3 server over a local folder; speaks S3's HTTP protocol with signatures. */
public final class EmbeddedObjectStore implements AutoCloseable {

  /** The embedded server's only user; it listens on the loopback address alone. */
  public static final String ACCESS_KEY = "handoff";

  /** Its secret key: the embedded server holds demo data, and nobody else's. */
  public static final String SECRET_KEY = "handoff-embedded";

  private final S3Proxy server;
  private final URI endpoint;

  private EmbeddedObjectStore(S3Proxy server, URI endpoint) {
    this.server = server;
    this.endpoint = endpoint;
  }

  /** Starts over a folder; each bucket is a folder in it. */
  public static EmbeddedObjectStore start(Path folder, int port, String bucket) throws Exception {
    Files.createDirectories(folder.resolve(bucket));
    URI endpoint = URI.create("http://localhost:" + port);
    S3Proxy server =
        S3Proxy.builder()
            .blobStore(new FilesystemNio2BlobStore(folder.toAbsolutePath().toString()))
            .endpoint(endpoint)
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY)
            .ignoreUnknownHeaders(true)
            .build();
    server.start();
    return new EmbeddedObjectStore(server, endpoint);
  }

  public URI endpoint() {
    return endpoint;
  }

  @Override
  public void close() throws IOException {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IOException("the S3 server did not stop", e);
    }
  }
}
