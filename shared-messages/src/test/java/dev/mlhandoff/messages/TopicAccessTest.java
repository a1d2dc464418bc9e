package dev.mlhandoff.messages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.messages.AccessRule.Operation;
import dev.mlhandoff.messages.AccessRule.Resource;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TopicAccessTest {

  @Test
  void everyTopicHasItsWritersAndReaders() {
    assertThat(TopicAccess.all().stream().<Object>map(TopicAccess::topic).toList())
        .isEqualTo(List.<Object>copyOf(Topics.all()));
    assertThat(TopicAccess.all()).noneMatch(access -> access.writers().isEmpty());
  }

  @Test
  void requesterWritesRequestsAndTrueOutcomesAlone() {
    assertThat(writtenBy(Party.REQUESTER))
        .containsExactlyInAnyOrder("project.requests.v1", "prediction.labels.v1");
  }

  @Test
  void outcomesAndCardsHaveOneWriter() {
    for (String topic : List.of("project.outcomes.v1", "model.cards.v1")) {
      assertThat(
              AccessRule.all().stream()
                  .filter(rule -> rule.name().equals(topic))
                  .filter(rule -> rule.operations().contains(Operation.WRITE))
                  .map(AccessRule::party))
          .containsExactly(Party.MODEL_CARD);
    }
  }

  @Test
  void peopleHaveNoTransactionsAndOnlyServicesWriteDeadLetters() {
    assertThat(AccessRule.all())
        .filteredOn(rule -> rule.party().service().isEmpty())
        .noneMatch(rule -> rule.resource() == Resource.TRANSACTIONAL_ID)
        .noneMatch(
            rule -> rule.name().endsWith(".dlt") && rule.operations().contains(Operation.WRITE));
  }

  @Test
  void aServiceWritesTheDeadLettersOfWhatItReads() {
    assertThat(writtenBy(Party.FAR))
        .containsExactlyInAnyOrder(
            "stage.esc.v1",
            "pipeline.events.v1",
            "stage.far.v1.dlt",
            "feature.views.v1",
            "feature.views.v1.dlt",
            "alerts.v1");
  }

  private static Set<String> writtenBy(Party party) {
    return AccessRule.all().stream()
        .filter(rule -> rule.party() == party && rule.resource() == Resource.TOPIC)
        .filter(rule -> rule.operations().contains(Operation.WRITE))
        .map(AccessRule::name)
        .collect(Collectors.toSet());
  }
}
