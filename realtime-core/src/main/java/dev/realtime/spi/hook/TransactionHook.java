package dev.realtime.spi.hook;

import reactor.core.publisher.Mono;

/** The transactions of the application, which the core knows nothing of; the starter does it with Spring's. */
public interface TransactionHook {

    /**
     * Runs something once the transaction the subscriber is in was committed, and never if it was not. Must complete
     * when that is registered, without waiting for the end of the transaction, which may wait for the subscriber.
     *
     * @param action returns immediately and throws nothing
     * @return an error if there is no transaction
     */
    Mono<Void> afterCommit(Runnable action);

    /**
     * Notifies of a publication that failed after its transaction was committed. Must return immediately and must not
     * throw.
     *
     * @param channel name of the channel
     * @param failure reason of the failure
     */
    void publishFailed(String channel, Throwable failure);
}
