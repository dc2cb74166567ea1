/** Internal: checks and choices that precede all beans; no compatibility promise. */
@NullMarked
package dev.realtime.autoconfigure.startup;

import org.jspecify.annotations.NullMarked;
