/**
 * Small chat with rooms, permissions and announcements, and a page that uses the official SDK.
 */
@NullMarked
package dev.realtime.sample;

import org.jspecify.annotations.NullMarked;
