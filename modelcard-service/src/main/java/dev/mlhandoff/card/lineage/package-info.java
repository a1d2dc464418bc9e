/** Stages and their data in the terms of OpenLineage, in plain Java. */
@NullMarked
package dev.mlhandoff.card.lineage;

import org.jspecify.annotations.NullMarked;
