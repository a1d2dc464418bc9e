/**
 * The shell around a stage: read, work, emit in one transaction. It names no persona, no dataset
 * and no model; a class belongs here only if every persona needs it.
 */
@NullMarked
package dev.mlhandoff.runtime;

import org.jspecify.annotations.NullMarked;
