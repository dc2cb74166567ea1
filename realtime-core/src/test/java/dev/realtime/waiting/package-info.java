/** Defaults for tests that wait for other threads. */
@NullMarked
package dev.realtime.waiting;

import org.jspecify.annotations.NullMarked;
