/** The server side of one client: its state, its commands, its subscriptions and its timers. */
@NullMarked
package dev.realtime.connection;

import org.jspecify.annotations.NullMarked;
