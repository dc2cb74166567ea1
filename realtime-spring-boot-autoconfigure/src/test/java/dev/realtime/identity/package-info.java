/**
 * Identity and rights of clients, from the outside: whole applications, their security, and clients on real
 * sockets.
 */
@NullMarked
package dev.realtime.identity;

import org.jspecify.annotations.NullMarked;
