package dev.realtime.transaction;

import dev.realtime.spi.hook.TransactionHook;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.NoTransactionException;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionSynchronization;
import reactor.core.publisher.Mono;

/**
 * Hook that runs actions after the commit of a Spring transaction: the reactive transaction of the pipeline, or without
 * one the imperative transaction of the subscribing thread.
 *
 * <p>Actions run on completion of the transaction, not in its callback for commits: an action that is registered while
 * another callback runs after the commit would never run there.
 */
public final class SpringTransactions implements TransactionHook {

    private static final Logger logger = LoggerFactory.getLogger(SpringTransactions.class);

    private final BiConsumer<String, Throwable> onFailure;

    /** @param onFailure receives the channel and the reason of a failed publication; must return immediately */
    public SpringTransactions(BiConsumer<String, Throwable> onFailure) {
        this.onFailure = onFailure;
    }

    @Override
    public Mono<Void> afterCommit(Runnable action) {
        return TransactionSynchronizationManager.forCurrentTransaction()
                .filter(TransactionSynchronizationManager::isActualTransactionActive)
                .map(transaction -> register(transaction, action))
                .onErrorResume(NoTransactionException.class, none -> Mono.empty())
                .switchIfEmpty(Mono.fromSupplier(() -> registerOnThread(action)))
                .then();
    }

    private static boolean register(TransactionSynchronizationManager transaction, Runnable action) {
        if (!transaction.isSynchronizationActive()) {
            throw ended();
        }
        transaction.registerSynchronization(new org.springframework.transaction.reactive.TransactionSynchronization() {
            @Override
            public Mono<Void> afterCompletion(int status) {
                // Not awaited: the transaction manager would wait, and with it the code that waits for the transaction.
                return Mono.fromRunnable(() -> completed(status, action));
            }
        });
        return true;
    }

    private static boolean registerOnThread(Runnable action) {
        var manager = new ThreadTransaction();
        if (!manager.isActive()) {
            throw new IllegalStateException(
                    "There is no transaction here to publish after. Call publishAfterCommit inside a method marked with"
                            + " @Transactional or a TransactionTemplate, in the pipeline of a reactive transaction or"
                            + " on the thread of an imperative one; or publish now with publish().");
        }
        if (!manager.takesRegistrations()) {
            throw ended();
        }
        manager.register(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                completed(status, action);
            }
        });
        return true;
    }

    /** Access to the manager of imperative transactions, which has the same simple name as the reactive one. */
    private static final class ThreadTransaction {

        boolean isActive() {
            return org.springframework.transaction.support.TransactionSynchronizationManager
                    .isActualTransactionActive();
        }

        boolean takesRegistrations() {
            return org.springframework.transaction.support.TransactionSynchronizationManager.isSynchronizationActive();
        }

        void register(TransactionSynchronization synchronization) {
            org.springframework.transaction.support.TransactionSynchronizationManager.registerSynchronization(
                    synchronization);
        }
    }

    private static IllegalStateException ended() {
        return new IllegalStateException(
                "The transaction has ended, so nothing can be registered for its commit. If it was committed, as in a"
                        + " @TransactionalEventListener, publish now with publish().");
    }

    private static void completed(int status, Runnable action) {
        if (status == TransactionSynchronization.STATUS_COMMITTED) {
            action.run();
        } else if (status == TransactionSynchronization.STATUS_UNKNOWN) {
            logger.warn("The outcome of a transaction is unknown, so the publications registered for its commit are"
                    + " dropped.");
        }
    }

    @Override
    public void publishFailed(String channel, Throwable failure) {
        onFailure.accept(channel, failure);
    }
}
