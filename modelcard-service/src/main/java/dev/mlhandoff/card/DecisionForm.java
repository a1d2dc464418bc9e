package dev.mlhandoff.card;

import dev.mlhandoff.messages.Approval;
import dev.mlhandoff.messages.Approval.Decision;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.MessageSchema;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A decision as somebody filled it in.
 *
 * @param sent whether it was just published
 * @param problem why it was not; empty otherwise
 */
record DecisionForm(String who, String why, boolean sent, String problem) {

  private static final MessageSchema SCHEMA = MessageSchema.of("approval");
  private static final Map<String, Decision> DECISIONS =
      Map.of("approve", Decision.APPROVE, "waive", Decision.WAIVE, "reject", Decision.REJECT);

  static DecisionForm blank(boolean sent) {
    return new DecisionForm("", "", sent, "");
  }

  /**
   * The decision in these words.
   *
   * @throws IllegalArgumentException if they make none; the message says why
   */
  static Approval approval(String runId, String decision, String who, String why) {
    Decision decided = DECISIONS.get(decision.toLowerCase(Locale.ROOT));
    if (decided == null) {
      throw new IllegalArgumentException("a decision is approve, waive or reject");
    }
    if (who.isBlank() || why.isBlank()) {
      throw new IllegalArgumentException("a decision needs a name and a reason");
    }
    Approval approval = new Approval(runId, decided, who.strip(), why.strip());
    String broken =
        SCHEMA.violations(Json.tree(Json.write(approval))).stream()
            .map(violation -> violation.pointer() + " " + violation.message())
            .collect(Collectors.joining("; "));
    if (!broken.isEmpty()) {
      throw new IllegalArgumentException(broken);
    }
    return approval;
  }
}
