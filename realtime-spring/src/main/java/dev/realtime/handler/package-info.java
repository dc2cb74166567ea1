/**
 * Annotated methods of the application that take part in what clients do: annotations to mark them, replies that they
 * return, exceptions that they throw, and limits.
 */
@NullMarked
package dev.realtime.handler;

import org.jspecify.annotations.NullMarked;
