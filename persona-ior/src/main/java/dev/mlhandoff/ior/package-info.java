/** IOR, the inference orchestrator: loads verified models and answers requests. */
@NullMarked
package dev.mlhandoff.ior;

import org.jspecify.annotations.NullMarked;
