/**
 * The contract between the services: message records, their JSON Schemas and the topic list. Fields
 * are only ever added within v1; unknown fields are ignored by readers.
 */
@NullMarked
package dev.mlhandoff.messages;

import org.jspecify.annotations.NullMarked;
