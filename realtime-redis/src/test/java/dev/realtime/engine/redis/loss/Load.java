package dev.realtime.engine.redis.loss;

import java.time.Duration;

/**
 * How much is going on while Redis is hurt.
 *
 * @param channels with history that are published in, half of them through each node
 * @param plainChannels without history, the same
 * @param subscribersPerNode clients of each node
 * @param channelsPerSubscriber how many channels each client is in
 * @param pause of a publisher after a publication, before the next in the same channel
 */
public record Load(int channels, int plainChannels, int subscribersPerNode, int channelsPerSubscriber, Duration pause) {

    /** About 150 publications a second in 33 channels, each with 8 subscribers of two nodes. */
    public static final Load MODERATE = new Load(27, 6, 12, 11, Duration.ofMillis(200));
}
