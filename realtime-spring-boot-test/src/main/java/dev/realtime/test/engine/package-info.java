/** An engine in memory for one node or several of one JVM, which fails and forgets on command. */
@NullMarked
package dev.realtime.test.engine;

import org.jspecify.annotations.NullMarked;
