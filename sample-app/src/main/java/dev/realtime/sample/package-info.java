/**
 * A small chat with rooms: who may come in, announcements, and a page that speaks to the server with the official SDK.
 */
@NullMarked
package dev.realtime.sample;

import org.jspecify.annotations.NullMarked;
