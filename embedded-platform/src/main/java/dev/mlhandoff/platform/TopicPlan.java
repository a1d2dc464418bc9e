package dev.mlhandoff.platform;

import java.util.Map;

/** A topic to create. */
public record TopicPlan(String name, int partitions, Map<String, String> configuration) {}
