/** Tokens (JWT) of connections and subscriptions: verified by keys of the server, and issued. */
@NullMarked
package dev.realtime.auth.token;

import org.jspecify.annotations.NullMarked;
