package dev.mlhandoff.messages;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who writes or reads topics: a service, or a role of people and their programs. */
public enum Party {
  REQUESTER("requesters", null),
  APPROVER("approvers", null),
  OPERATOR("operators", null),
  POR("POR", "persona-por"),
  FAR("FAR", "persona-far"),
  ESC("ESC", "persona-esc"),
  GATE("gates", "gate-service"),
  IOR("IOR", "persona-ior"),
  MOS("MOS", "persona-mos"),
  MODEL_CARD("model cards", "modelcard-service");

  private final String label;
  private final @Nullable String service;

  Party(String label, @Nullable String service) {
    this.label = label;
    this.service = service;
  }

  /** What documentation calls it. */
  public String label() {
    return label;
  }

  /** The application name of a service, with which its consumer groups and transactions begin. */
  public Optional<String> service() {
    return Optional.ofNullable(service);
  }
}
