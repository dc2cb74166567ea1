/** An application whose packages begin like those of Spring. */
@NullMarked
package org.springframework.samples.realtime;

import org.jspecify.annotations.NullMarked;
