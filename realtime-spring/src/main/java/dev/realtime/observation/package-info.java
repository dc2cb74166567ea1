/** Observations of publishing by Micrometer, for metrics and traces. */
@NullMarked
package dev.realtime.observation;

import org.jspecify.annotations.NullMarked;
