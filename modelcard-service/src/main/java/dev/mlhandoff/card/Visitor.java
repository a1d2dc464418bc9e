package dev.mlhandoff.card;

import dev.mlhandoff.runtime.access.Caller;
import dev.mlhandoff.runtime.access.Role;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who looks at the board, and what they may do there.
 *
 * @param guarded whether doing anything needs a token
 * @param caller who signed in, if anybody did
 */
record Visitor(boolean guarded, @Nullable Caller caller) {

  boolean mayRequest() {
    return may(Role.REQUESTER);
  }

  boolean mayDecide() {
    return may(Role.APPROVER);
  }

  /** The name of the one who signed in; empty otherwise. */
  String name() {
    return caller == null ? "" : caller.name();
  }

  /** What the one who signed in may do, in words. */
  String roles() {
    return caller == null
        ? ""
        : caller.roles().stream().map(Role::label).sorted().collect(Collectors.joining(", "));
  }

  private boolean may(Role role) {
    return !guarded || (caller != null && caller.roles().contains(role));
  }
}
