/** Tests of the embedded platform. */
@NullMarked
package dev.mlhandoff.platform;

import org.jspecify.annotations.NullMarked;
