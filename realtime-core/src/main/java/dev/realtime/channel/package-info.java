/** Channel names, namespaces and the options that channels share. */
@NullMarked
package dev.realtime.channel;

import org.jspecify.annotations.NullMarked;
