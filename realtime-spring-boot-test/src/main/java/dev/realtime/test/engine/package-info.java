/** Internal: memory engine for one or more nodes of a JVM, with faults on command; no compatibility promise. */
@NullMarked
package dev.realtime.test.engine;

import org.jspecify.annotations.NullMarked;
