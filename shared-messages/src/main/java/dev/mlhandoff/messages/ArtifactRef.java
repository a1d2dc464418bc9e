package dev.mlhandoff.messages;

/**
 * A file in the artifact store, named by its content.
 *
 * @param uri where it lies, {@code s3://bucket/key} or {@code file:///path}
 * @param sha256 64 lower-case hexadecimal digits over the whole content; checked at every read
 * @param bytes length in bytes, at least 0
 * @param mediaType for example {@code application/json}
 */
public record ArtifactRef(String uri, String sha256, long bytes, String mediaType) {}
