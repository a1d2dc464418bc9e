/**
 * What the charts show, computed from predictions, and the layout of graphs. Knows no framework and
 * no message.
 */
@NullMarked
package dev.mlhandoff.card.figures;

import org.jspecify.annotations.NullMarked;
