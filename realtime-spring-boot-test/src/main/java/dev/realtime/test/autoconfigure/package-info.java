/** Annotations and auto-configuration of tests. */
@NullMarked
package dev.realtime.test.autoconfigure;

import org.jspecify.annotations.NullMarked;
