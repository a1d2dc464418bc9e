package dev.mlhandoff.cli;

import dev.mlhandoff.messages.Topic;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.platform.TopicPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The topics of the contract, with a dead-letter topic beside each that is worked on. */
public final class ContractTopics {

  private ContractTopics() {}

  /** Creates those that a broker does not have yet. */
  public static void createMissing(String broker) throws Exception {
    List<TopicPlan> plans = new ArrayList<>();
    for (Topic<?> topic : Topics.all()) {
      plans.add(new TopicPlan(topic.name(), Topics.PARTITIONS, topic.configuration()));
    }
    for (Topic<?> topic : Topics.withDeadLetters()) {
      plans.add(new TopicPlan(topic.deadLetterName(), Topics.PARTITIONS, Map.of()));
    }
    TopicPlan.createMissing(broker, plans);
  }
}
