/** What a card says, and what it must not depend on. */
@NullMarked
package dev.mlhandoff.card;

import org.jspecify.annotations.NullMarked;
