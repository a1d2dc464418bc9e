@NullMarked
package dev.mlhandoff.tracking.stub;

import org.jspecify.annotations.NullMarked;
