/** Tests of the sockets and the HTTP API of a whole application. */
@NullMarked
package dev.realtime.endpoint;

import org.jspecify.annotations.NullMarked;
