/** Who a client is and what it may do: the seams at which an application decides. */
@NullMarked
package dev.realtime.auth;

import org.jspecify.annotations.NullMarked;
