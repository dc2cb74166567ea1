/** Contract of authentication and of permission to subscribe. */
@NullMarked
package dev.realtime.spi.auth;

import org.jspecify.annotations.NullMarked;
