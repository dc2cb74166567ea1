/** One running server among peers: puts the rooms together. */
@NullMarked
package dev.realtime.node;

import org.jspecify.annotations.NullMarked;
