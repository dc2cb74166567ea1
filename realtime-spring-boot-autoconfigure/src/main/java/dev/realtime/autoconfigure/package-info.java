/** Internal: the node, made from properties and the application's beans; no compatibility promise. */
@NullMarked
package dev.realtime.autoconfigure;

import org.jspecify.annotations.NullMarked;
