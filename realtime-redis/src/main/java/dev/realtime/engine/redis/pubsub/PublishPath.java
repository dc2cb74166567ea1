package dev.realtime.engine.redis.pubsub;

import java.util.concurrent.CompletionStage;

/** Path by which messages are published. */
public interface PublishPath {

    /** Publishes a message; completes with the number of its receivers. */
    CompletionStage<Long> publish(int partition, byte[] name, byte[] message);
}
