/** Internal: method security of Spring Security for handler methods; no compatibility promise. */
@NullMarked
package dev.realtime.handler.security;

import org.jspecify.annotations.NullMarked;
