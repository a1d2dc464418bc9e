package dev.mlhandoff.messages;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One thing that a party may do on the broker; whatever no rule names is forbidden.
 *
 * @param prefix whether the name stands for everything that begins with it
 */
public record AccessRule(
    Party party, Resource resource, String name, boolean prefix, List<Operation> operations) {

  /** What a rule is about. */
  public enum Resource {
    TOPIC,
    GROUP,
    TRANSACTIONAL_ID
  }

  /** What may be done with it. */
  public enum Operation {
    READ,
    WRITE,
    DESCRIBE
  }

  public AccessRule {
    operations = List.copyOf(operations);
  }

  /**
   * Every rule, derived from {@link TopicAccess}: a reader reads, a writer writes, whoever works on
   * a topic writes its dead letters; consumer groups and transactions of a service begin with its
   * name, those of people's programs with the name of their role in lower case.
   */
  public static List<AccessRule> all() {
    List<AccessRule> rules = new ArrayList<>();
    for (TopicAccess access : TopicAccess.all()) {
      for (Party party : Party.values()) {
        rules.addAll(of(access, party));
      }
    }
    for (Party party : Party.values()) {
      String name = groupPrefix(party);
      rules.add(new AccessRule(party, Resource.GROUP, name, true, List.of(Operation.READ)));
      if (party.service().isPresent()) {
        rules.add(
            new AccessRule(
                party,
                Resource.TRANSACTIONAL_ID,
                name,
                true,
                List.of(Operation.WRITE, Operation.DESCRIBE)));
      }
    }
    return List.copyOf(rules);
  }

  /** What the names of a party's consumer groups begin with. */
  public static String groupPrefix(Party party) {
    return party.service().orElseGet(() -> party.name().toLowerCase(Locale.ROOT));
  }

  private static List<AccessRule> of(TopicAccess access, Party party) {
    Topic<?> topic = access.topic();
    boolean reads = access.readers().contains(party);
    boolean writes = access.writers().contains(party);
    List<AccessRule> rules = new ArrayList<>();
    if (reads || writes) {
      List<Operation> operations = new ArrayList<>();
      if (reads) {
        operations.add(Operation.READ);
      }
      if (writes) {
        operations.add(Operation.WRITE);
      }
      operations.add(Operation.DESCRIBE);
      rules.add(new AccessRule(party, Resource.TOPIC, topic.name(), false, operations));
    }
    if (reads && Topics.withDeadLetters().contains(topic)) {
      Operation operation = party.service().isPresent() ? Operation.WRITE : Operation.READ;
      rules.add(
          new AccessRule(
              party,
              Resource.TOPIC,
              topic.deadLetterName(),
              false,
              List.of(operation, Operation.DESCRIBE)));
    }
    return rules;
  }
}
