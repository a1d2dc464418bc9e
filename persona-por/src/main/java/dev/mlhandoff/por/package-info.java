/** POR, the pipeline orchestrator: takes requests, ingests and cleans data, and splits it. */
@NullMarked
package dev.mlhandoff.por;

import org.jspecify.annotations.NullMarked;
