/** Rollouts and A/B tests over the real IOR and MOS, with the public asking all the time. */
@NullMarked
package dev.mlhandoff.e2e.rollout;

import org.jspecify.annotations.NullMarked;
