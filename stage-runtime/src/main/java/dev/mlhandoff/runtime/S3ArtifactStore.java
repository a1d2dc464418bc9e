package dev.mlhandoff.runtime;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Artifacts in a bucket, over S3's HTTP protocol. */
public final class S3ArtifactStore implements ArtifactStore, AutoCloseable {

  private static final int PRECONDITION_FAILED = 412;

  private final S3Client client;

  /**
   * Sends bodies whole. In chunks, a body follows its headers: a server that answers a conditional
   * put before the body has come breaks the connection, and the repeat meets what it stored itself.
   * Servers limit what they take whole (128 MB, the embedded one), so everything else goes in
   * chunks.
   */
  private final S3Client conditional;

  private final String bucket;

  /**
   * @param endpoint for stores other than Amazon's; addressed by path
   */
  public S3ArtifactStore(
      String bucket,
      @Nullable URI endpoint,
      String region,
      @Nullable String accessKey,
      @Nullable String secretKey) {
    this.bucket = bucket;
    this.client = client(endpoint, region, accessKey, secretKey);
    this.conditional = client(endpoint, region, accessKey, secretKey, false);
  }

  /** A client for any S3 server; without keys the machine's own credentials are used. */
  public static S3Client client(
      @Nullable URI endpoint,
      String region,
      @Nullable String accessKey,
      @Nullable String secretKey) {
    return client(endpoint, region, accessKey, secretKey, true);
  }

  private static S3Client client(
      @Nullable URI endpoint,
      String region,
      @Nullable String accessKey,
      @Nullable String secretKey,
      boolean inChunks) {
    var builder =
        S3Client.builder()
            .httpClient(UrlConnectionHttpClient.create())
            .region(Region.of(region))
            .serviceConfiguration(
                s3 -> s3.chunkedEncodingEnabled(inChunks).pathStyleAccessEnabled(true));
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    if (accessKey != null && secretKey != null) {
      builder.credentialsProvider(
          StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)));
    }
    return builder.build();
  }

  @Override
  public void put(String key, Path content, String mediaType) throws IOException {
    remote(
        () ->
            client.putObject(
                put -> put.bucket(bucket).key(key).contentType(mediaType),
                RequestBody.fromFile(content)));
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content, String mediaType) throws IOException {
    return remote(
        () -> {
          try {
            conditional.putObject(
                put -> put.bucket(bucket).key(key).contentType(mediaType).ifNoneMatch("*"),
                RequestBody.fromBytes(content));
            return true;
          } catch (S3Exception e) {
            if (e.statusCode() == PRECONDITION_FAILED) {
              return false;
            }
            throw e;
          }
        });
  }

  @Override
  public Optional<byte[]> find(String key) throws IOException {
    return remote(
        () -> {
          try {
            return Optional.of(
                client.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asByteArray());
          } catch (NoSuchKeyException e) {
            return Optional.empty();
          }
        });
  }

  @Override
  public List<String> list(String prefix) throws IOException {
    return remote(
        () ->
            client
                .listObjectsV2Paginator(list -> list.bucket(bucket).prefix(prefix))
                .contents()
                .stream()
                .map(S3Object::key)
                .sorted()
                .toList());
  }

  @Override
  public void delete(String key) throws IOException {
    remote(() -> client.deleteObject(delete -> delete.bucket(bucket).key(key)));
  }

  @Override
  public String uri(String key) {
    return "s3://" + bucket + "/" + key;
  }

  @Override
  public void copy(String uri, Path target) throws IOException, RejectionException {
    String prefix = uri("");
    if (!uri.startsWith(prefix)) {
      throw new RejectionException("ARTIFACT_MISSING", uri + " is not in this store", "");
    }
    Files.deleteIfExists(target);
    boolean found =
        remote(
            () -> {
              try {
                client.getObject(
                    get -> get.bucket(bucket).key(uri.substring(prefix.length())), target);
                return true;
              } catch (NoSuchKeyException e) {
                return false;
              }
            });
    if (!found) {
      throw new RejectionException("ARTIFACT_MISSING", "there is no " + uri, "");
    }
  }

  @Override
  public void close() {
    client.close();
    conditional.close();
  }

  private interface Call<T> {
    T run();
  }

  private static <T> T remote(Call<T> call) throws IOException {
    try {
      return call.run();
    } catch (SdkException e) {
      throw new IOException("the artifact store did not answer: " + e.getMessage(), e);
    }
  }
}
