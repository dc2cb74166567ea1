/** Observations of publishing and of handler methods by Micrometer, for metrics and traces. */
@NullMarked
package dev.realtime.observation;

import org.jspecify.annotations.NullMarked;
