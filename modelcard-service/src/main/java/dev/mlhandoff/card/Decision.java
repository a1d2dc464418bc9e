package dev.mlhandoff.card;

import dev.mlhandoff.messages.ProjectOutcome;

/** An outcome and the record that decided it; it is sent whenever that record is processed. */
record Decision(EventPosition position, ProjectOutcome outcome) {}
