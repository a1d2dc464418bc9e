package dev.mlhandoff.messages;

import static dev.mlhandoff.messages.Party.APPROVER;
import static dev.mlhandoff.messages.Party.ESC;
import static dev.mlhandoff.messages.Party.FAR;
import static dev.mlhandoff.messages.Party.GATE;
import static dev.mlhandoff.messages.Party.IOR;
import static dev.mlhandoff.messages.Party.MODEL_CARD;
import static dev.mlhandoff.messages.Party.MOS;
import static dev.mlhandoff.messages.Party.OPERATOR;
import static dev.mlhandoff.messages.Party.POR;
import static dev.mlhandoff.messages.Party.REQUESTER;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Who writes a topic and who reads it: the source of access control and documentation.
 *
 * @param writers whoever may write; nobody else
 * @param readers whoever may read; operators may read every topic
 */
public record TopicAccess(Topic<?> topic, Set<Party> writers, Set<Party> readers) {

  private static final Set<Party> SERVICES = services();

  private static final List<TopicAccess> ALL =
      List.of(
          on(Topics.PROJECT_REQUESTS).writtenBy(REQUESTER, MODEL_CARD).readBy(POR),
          on(Topics.STAGE_FAR).writtenBy(POR).readBy(FAR),
          on(Topics.STAGE_ESC).writtenBy(FAR, GATE, MOS).readBy(ESC),
          on(Topics.STAGE_GATE).writtenBy(ESC).readBy(GATE),
          on(Topics.STAGE_GCA).writtenBy(GATE).readBy(GATE),
          on(Topics.STAGE_IOR).writtenBy(GATE).readBy(IOR),
          on(Topics.STAGE_MOS).writtenBy(IOR).readBy(MOS),
          on(Topics.ESC_TRIALS).writtenBy(ESC).readBy(ESC),
          on(Topics.ESC_TRIAL_RESULTS).writtenBy(ESC).readBy(ESC),
          on(Topics.GATE_APPROVALS).writtenBy(APPROVER, GATE, MODEL_CARD).readBy(GATE),
          on(Topics.PIPELINE_EVENTS)
              .writtenBy(SERVICES)
              .readBy(REQUESTER, APPROVER, ESC, MODEL_CARD),
          on(Topics.PROJECT_OUTCOMES).writtenBy(MODEL_CARD).readBy(REQUESTER, MOS),
          on(Topics.MODEL_CARDS).writtenBy(MODEL_CARD).readBy(REQUESTER, APPROVER),
          on(Topics.FEATURE_VIEWS).writtenBy(FAR).readBy(POR, FAR),
          on(Topics.SERVING_ROUTES).writtenBy(MOS).readBy(IOR, MODEL_CARD),
          on(Topics.PREDICTIONS).writtenBy(IOR).readBy(MOS),
          on(Topics.PREDICTION_LABELS).writtenBy(REQUESTER).readBy(MOS),
          on(Topics.BATCH_ORDERS).writtenBy(MOS).readBy(IOR),
          on(Topics.ALERTS).writtenBy(FAR, IOR, MOS).readBy(),
          on(Topics.MONITORING_WINDOWS).writtenBy(MOS).readBy(MODEL_CARD),
          on(Topics.LINEAGE).writtenBy(MODEL_CARD).readBy());

  public TopicAccess {
    writers = Set.copyOf(writers);
    readers = Set.copyOf(readers);
  }

  /** One for each topic, in the order of {@link Topics#all()}. */
  public static List<TopicAccess> all() {
    return ALL;
  }

  private static TopicAccess on(Topic<?> topic) {
    return new TopicAccess(topic, Set.of(), Set.of());
  }

  private TopicAccess writtenBy(Party... parties) {
    return writtenBy(Set.of(parties));
  }

  private TopicAccess writtenBy(Set<Party> parties) {
    return new TopicAccess(topic, parties, readers);
  }

  private TopicAccess readBy(Party... parties) {
    EnumSet<Party> all = EnumSet.of(OPERATOR);
    all.addAll(Arrays.asList(parties));
    return new TopicAccess(topic, writers, all);
  }

  private static Set<Party> services() {
    EnumSet<Party> services = EnumSet.allOf(Party.class);
    services.removeIf(party -> party.service().isEmpty());
    return services;
  }
}
