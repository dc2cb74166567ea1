/** JMH benchmarks of the hot path. */
@NullMarked
package dev.realtime.benchmarks;

import org.jspecify.annotations.NullMarked;
