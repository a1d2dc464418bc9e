package dev.mlhandoff.runtime;

import java.time.Instant;
import tools.jackson.databind.JsonNode;

/**
 * The proof that a piece of work is done; written last, and only once.
 *
 * @param output what the stage returned
 * @param workMs how long the work took
 * @param finishedAt when the work ended; events about it carry this time, however often re-sent
 */
record Manifest(JsonNode output, long workMs, Instant finishedAt) {}
