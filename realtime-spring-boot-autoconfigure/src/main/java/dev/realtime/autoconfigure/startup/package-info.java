/** Checks and choices that precede all beans. */
@NullMarked
package dev.realtime.autoconfigure.startup;

import org.jspecify.annotations.NullMarked;
