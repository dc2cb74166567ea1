/**
 * Contract of authentication and of permission to subscribe.
 *
 * @see <a href="https://centrifugal.dev/docs/server/authentication">Authentication</a>
 */
@NullMarked
package dev.realtime.spi.auth;

import org.jspecify.annotations.NullMarked;
