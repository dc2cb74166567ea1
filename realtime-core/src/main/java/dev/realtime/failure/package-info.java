/** Boundaries at which a failure stays where it happens, and explanations of configurations that cannot work. */
@NullMarked
package dev.realtime.failure;

import org.jspecify.annotations.NullMarked;
