/** Options of channels and namespaces. */
@NullMarked
package dev.realtime.api.channel;

import org.jspecify.annotations.NullMarked;
