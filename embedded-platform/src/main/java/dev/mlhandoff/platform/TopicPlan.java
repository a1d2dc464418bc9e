package dev.mlhandoff.platform;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

/** A topic to create. */
public record TopicPlan(String name, int partitions, Map<String, String> configuration) {

  private static final long TIMEOUT_SECONDS = 30;

  /** Creates the topics that a broker does not have yet, with its default replication. */
  public static void createMissing(String broker, Collection<TopicPlan> plans) throws Exception {
    createMissing(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker), plans);
  }

  /** The same with all that a client needs to connect. */
  public static void createMissing(Map<String, Object> client, Collection<TopicPlan> plans)
      throws Exception {
    try (Admin admin = Admin.create(client)) {
      Set<String> existing = admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      List<NewTopic> missing = new ArrayList<>();
      for (TopicPlan plan : plans) {
        if (!existing.contains(plan.name())) {
          missing.add(
              new NewTopic(plan.name(), Optional.of(plan.partitions()), Optional.empty())
                  .configs(plan.configuration()));
        }
      }
      admin.createTopics(missing).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
  }
}
