/** Several ESC replicas on one broker. */
@NullMarked
package dev.mlhandoff.e2e.fanout;

import org.jspecify.annotations.NullMarked;
