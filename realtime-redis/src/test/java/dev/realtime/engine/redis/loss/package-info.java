/**
 * Finds out whether anything is lost, doubled, reordered or altered between publishers and subscribers while Redis is
 * hurt: the publishers keep a journal, the subscribers write down what they see, and the checker compares.
 */
@NullMarked
package dev.realtime.engine.redis.loss;

import org.jspecify.annotations.NullMarked;
