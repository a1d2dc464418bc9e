package dev.mlhandoff.cli;

import java.net.URI;

/**
 * Where the services find broker, database and object store.
 *
 * @param broker {@code host:port}
 * @param database JDBC URL without credentials
 * @param objectStore address of an S3 server with a bucket named {@code handoff}
 */
public record Backends(
    String broker,
    String database,
    String databaseUser,
    String databasePassword,
    URI objectStore,
    String accessKey,
    String secretKey) {}
