/** Sockets of test clients: in memory to a node of this JVM, or WebSocket to a live server. */
@NullMarked
package dev.realtime.test.socket;

import org.jspecify.annotations.NullMarked;
