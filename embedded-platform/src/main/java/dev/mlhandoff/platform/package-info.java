/**
 * A Kafka broker, PostgreSQL and an S3 server inside this JVM: the embedded default, and the real
 * parts that flow tests run against.
 */
@NullMarked
package dev.mlhandoff.platform;

import org.jspecify.annotations.NullMarked;
