/**
 * The documentation as something that can be wrong: its links, its examples and its lists are compared with the code.
 */
@NullMarked
package dev.realtime.docs;

import org.jspecify.annotations.NullMarked;
