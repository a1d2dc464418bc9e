/** The {@code handoff} command: the embedded platform with all services, and the client side. */
@NullMarked
package dev.mlhandoff.cli;

import org.jspecify.annotations.NullMarked;
