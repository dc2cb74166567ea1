/** Internal: counters of a node and its namespaces. */
@NullMarked
package dev.realtime.statistics;

import org.jspecify.annotations.NullMarked;
