/** Official client SDKs against a server of this project, and a browser against the sample. */
@NullMarked
package dev.realtime.conformance;

import org.jspecify.annotations.NullMarked;
