/** The socket of a client in the JVM. */
@NullMarked
package dev.realtime.test.socket;

import org.jspecify.annotations.NullMarked;
