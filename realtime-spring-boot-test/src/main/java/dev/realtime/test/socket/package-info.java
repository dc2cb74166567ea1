/** Internal: sockets of test clients, in memory or over WebSocket; no compatibility promise. */
@NullMarked
package dev.realtime.test.socket;

import org.jspecify.annotations.NullMarked;
