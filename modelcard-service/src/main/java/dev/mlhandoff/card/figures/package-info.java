/**
 * Curves computed from predictions, and charts of them as SVG. Knows no framework and no message.
 */
@NullMarked
package dev.mlhandoff.card.figures;

import org.jspecify.annotations.NullMarked;
