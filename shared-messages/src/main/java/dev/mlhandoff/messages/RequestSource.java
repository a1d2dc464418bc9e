package dev.mlhandoff.messages;

/** The record that a request came in: the identity of the request. */
public record RequestSource(String topic, int partition, long offset) {}
