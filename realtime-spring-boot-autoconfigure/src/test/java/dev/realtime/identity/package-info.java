/**
 * Who clients are and what they may do, from the outside: whole applications, their security, and clients on real
 * sockets.
 */
@NullMarked
package dev.realtime.identity;

import org.jspecify.annotations.NullMarked;
