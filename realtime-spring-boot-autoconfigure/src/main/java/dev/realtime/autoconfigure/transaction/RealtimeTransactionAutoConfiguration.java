package dev.realtime.autoconfigure.transaction;

import dev.realtime.autoconfigure.ConditionalOnNode;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.event.ApplicationEvents;
import dev.realtime.event.PublishAfterCommitFailedEvent;
import dev.realtime.spi.hook.TransactionHook;
import dev.realtime.transaction.SpringTransactions;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;

/** Publishing after a commit, where Spring's transactions are on the class path. */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnNode
@ConditionalOnClass(TransactionSynchronizationManager.class)
public final class RealtimeTransactionAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    TransactionHook realtimeTransactionHook(ApplicationEvents events) {
        return new SpringTransactions(
                (channel, failure) -> events.publish(new PublishAfterCommitFailedEvent(channel, failure)));
    }
}
