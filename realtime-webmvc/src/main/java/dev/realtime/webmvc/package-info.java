/** Sockets and HTTP endpoints on servlet containers. */
@NullMarked
package dev.realtime.webmvc;

import org.jspecify.annotations.NullMarked;
