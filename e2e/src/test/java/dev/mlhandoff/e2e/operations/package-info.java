/** Rules, dashboards and the runbook are held to each other and to what the system measures. */
@NullMarked
package dev.mlhandoff.e2e.operations;

import org.jspecify.annotations.NullMarked;
