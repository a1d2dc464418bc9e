package dev.mlhandoff.mos.rollout;

import org.jspecify.annotations.Nullable;

/**
 * What a step is judged by.
 *
 * @param incumbent the version that serves now; null while there is none
 * @param replayed whether rows of the training part were sent to both, one after the other;
 *     otherwise it is the public traffic since the step began, and more of it can be waited for
 */
public record Evidence(Arm candidate, @Nullable Arm incumbent, boolean replayed) {}
