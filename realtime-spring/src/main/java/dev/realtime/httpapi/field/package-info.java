/** Internal: fields that several commands of the server HTTP API share; no compatibility promise. */
@NullMarked
package dev.realtime.httpapi.field;

import org.jspecify.annotations.NullMarked;
