/** Differences between publications, for subscribers that asked for them. */
@NullMarked
package dev.realtime.delta;

import org.jspecify.annotations.NullMarked;
