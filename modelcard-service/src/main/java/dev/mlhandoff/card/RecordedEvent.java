package dev.mlhandoff.card;

import dev.mlhandoff.messages.PipelineEvent;

/** An event and where it was read. */
record RecordedEvent(EventPosition position, PipelineEvent event) {}
