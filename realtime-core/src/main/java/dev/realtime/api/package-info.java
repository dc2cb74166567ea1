/**
 * What beans, the HTTP API and client commands call to act on channels and clients.
 *
 * @see <a href="https://centrifugal.dev/docs/server/server_api">The server API</a>
 */
@NullMarked
package dev.realtime.api;

import org.jspecify.annotations.NullMarked;
