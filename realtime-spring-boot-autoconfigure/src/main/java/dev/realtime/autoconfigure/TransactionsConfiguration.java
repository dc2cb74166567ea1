package dev.realtime.autoconfigure;

import dev.realtime.event.ApplicationEvents;
import dev.realtime.event.PublishAfterCommitFailedEvent;
import dev.realtime.spi.hook.TransactionHook;
import dev.realtime.transaction.SpringTransactions;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;

/** Publishing after a commit, where the application has transactions. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(TransactionSynchronizationManager.class)
class TransactionsConfiguration {

    @Bean
    @ConditionalOnMissingBean
    TransactionHook realtimeTransactionHook(ApplicationEvents events) {
        return new SpringTransactions(
                (channel, failure) -> events.publish(new PublishAfterCommitFailedEvent(channel, failure)));
    }
}
