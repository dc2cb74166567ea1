/** Internal: exchange of messages between a test client and the server; no compatibility promise. */
@NullMarked
package dev.realtime.test.conversation;

import org.jspecify.annotations.NullMarked;
