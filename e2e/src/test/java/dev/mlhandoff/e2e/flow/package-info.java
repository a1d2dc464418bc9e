/** Requests through the whole system, over a real broker, PostgreSQL and object store. */
@NullMarked
package dev.mlhandoff.e2e.flow;

import org.jspecify.annotations.NullMarked;
