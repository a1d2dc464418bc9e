package dev.mlhandoff.runtime;

import java.util.Set;

/**
 * A consumer group without a listener container, whose backlog and members are measured beside
 * those of the listeners. A bean of this type is all that a service declares.
 *
 * @param name the group's id
 * @param topics that it reads
 */
public record WatchedGroup(String name, Set<String> topics) {

  public WatchedGroup {
    topics = Set.copyOf(topics);
  }
}
