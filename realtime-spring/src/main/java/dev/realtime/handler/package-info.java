/**
 * Methods of the application that take part in what clients do: annotations to mark them, what they may return, and the
 * machinery that finds them at start-up and calls them off the event loops.
 */
@NullMarked
package dev.realtime.handler;

import org.jspecify.annotations.NullMarked;
