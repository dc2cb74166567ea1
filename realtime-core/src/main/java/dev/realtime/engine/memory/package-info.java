/** The embedded engine of a single node, and the reference for every other one. */
@NullMarked
package dev.realtime.engine.memory;

import org.jspecify.annotations.NullMarked;
