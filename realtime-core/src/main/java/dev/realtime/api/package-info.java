/** What beans, the HTTP API and client commands call to act on channels and clients. */
@NullMarked
package dev.realtime.api;

import org.jspecify.annotations.NullMarked;
