package dev.mlhandoff.cli;

import dev.mlhandoff.messages.Topic;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.platform.TopicPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** The topics of the contract, with a dead-letter topic beside each that is worked on. */
public final class ContractTopics {

  private ContractTopics() {}

  /** Creates those that a broker does not have yet. */
  public static void createMissing(String broker) throws Exception {
    createMissing(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker));
  }

  /** The same with all that a client needs to connect. */
  public static void createMissing(Map<String, Object> client) throws Exception {
    List<TopicPlan> plans = new ArrayList<>();
    for (Topic<?> topic : Topics.all()) {
      plans.add(new TopicPlan(topic.name(), Topics.PARTITIONS, topic.configuration()));
    }
    for (Topic<?> topic : Topics.withDeadLetters()) {
      plans.add(new TopicPlan(topic.deadLetterName(), Topics.PARTITIONS, Map.of()));
    }
    TopicPlan.createMissing(client, plans);
  }
}
