package dev.mlhandoff.messages;

/**
 * Where the time of one hop went, in milliseconds.
 *
 * @param queueMs from the record's timestamp to the moment the stage took it
 * @param workMs the stage's own work; 0 if the manifest was already there
 * @param publishMs from the end of the work to the moment the events were handed to the producer
 */
public record HopTimes(long queueMs, long workMs, long publishMs) {}
