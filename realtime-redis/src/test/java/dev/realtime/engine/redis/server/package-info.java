/**
 * Real Redis for tests: servers, clusters and Sentinel pairs that a test starts, hurts and ends, with certificates,
 * users and a faulty network. Everything is on the loopback interface and ends with the test, at the latest with its
 * JVM.
 */
@NullMarked
package dev.realtime.engine.redis.server;

import org.jspecify.annotations.NullMarked;
