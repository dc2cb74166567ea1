package dev.realtime.autoconfigure;

import dev.realtime.api.PayloadWriter;
import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimeClients;
import dev.realtime.api.RealtimePresence;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.channel.ChannelOptionsResolver;
import dev.realtime.auth.token.VerifiedTokens;
import dev.realtime.channel.Namespaces;
import dev.realtime.connection.ClientCallbacks;
import dev.realtime.connection.ClientOptions;
import dev.realtime.event.ApplicationEvents;
import dev.realtime.handler.hook.Handlers;
import dev.realtime.node.NodeParts;
import dev.realtime.node.NodeTime;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.auth.Authenticator;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.auth.TokenRefresher;
import dev.realtime.spi.engine.Engine;
import dev.realtime.spi.hook.MessageHandler;
import dev.realtime.spi.hook.RpcHandler;
import dev.realtime.spi.hook.TransactionHook;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/**
 * The node and the beans an application talks to, in every kind of application. Beans of the application take part by
 * their type: {@link Authenticator}, {@link ChannelAuthorizer} (any number, in order), {@link TokenRefresher},
 * {@link RpcHandler}, {@link MessageHandler}, {@link ChannelOptionsResolver}, {@link PayloadWriter}, {@link Engine};
 * and by their methods, such as those marked with {@code @OnRpc}, which come before the beans.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "realtime.enabled", matchIfMissing = true)
@EnableConfigurationProperties({
    RealtimeProperties.class,
    RealtimeClientProperties.class,
    RealtimeChannelProperties.class,
    RealtimeTokenProperties.class,
    RealtimeSubscriptionTokenProperties.class,
    RealtimeRpcProperties.class,
    RealtimeWebSocketProperties.class
})
@Import({
    EngineConfiguration.class,
    PayloadWriterConfiguration.class,
    HandlersConfiguration.class,
    EventsConfiguration.class,
    TransactionsConfiguration.class
})
public final class RealtimeAutoConfiguration {

    private static final Logger logger = LoggerFactory.getLogger(RealtimeAutoConfiguration.class);

    /** Checks properties before any bean is made, so that a misspelt one is reported ahead of what it leads to. */
    @Bean
    static BeanFactoryPostProcessor realtimeUnknownProperties(Environment environment) {
        return beans -> UnknownProperties.check(environment);
    }

    @Bean
    static RunTimeChoices realtimeRunTimeChoices(Environment environment) {
        return new RunTimeChoices(environment, true);
    }

    @Bean
    @ConditionalOnMissingBean
    Namespaces realtimeNamespaces(
            RealtimeChannelProperties properties, ObjectProvider<ChannelOptionsResolver> resolver) {
        return PropertiesMapper.namespaces(properties, resolver.getIfAvailable());
    }

    // The properties come first: a value that cannot be read, such as an unknown engine, is reported as just that.
    @Bean
    @ConditionalOnMissingBean
    RealtimeNode realtimeNode(
            RealtimeProperties properties,
            RealtimeClientProperties clientProperties,
            RealtimeWebSocketProperties webSocketProperties,
            RealtimeTokenProperties tokenProperties,
            RealtimeSubscriptionTokenProperties subscriptionTokenProperties,
            RealtimeRpcProperties rpcProperties,
            Environment environment,
            Namespaces namespaces,
            Engine engine,
            PayloadWriter payloadWriter,
            ObjectProvider<Authenticator> authenticator,
            ObjectProvider<ChannelAuthorizer> authorizers,
            ObjectProvider<TokenRefresher> tokenRefresher,
            ObjectProvider<RpcHandler> rpcHandler,
            ObjectProvider<MessageHandler> messageHandler,
            Handlers handlers,
            ApplicationEvents events,
            ObjectProvider<TransactionHook> transactions,
            ObjectProvider<NodeTime> time) {
        ClientOptions clientOptions = PropertiesMapper.clientOptions(clientProperties);
        InsecureMode.check(clientProperties);
        PersonalChannelNamespace.check(clientProperties, namespaces);
        TokenRefresher tokens = tokenRefresher.getIfAvailable();
        TokenConfigurationCheck.check(
                tokenProperties,
                subscriptionTokenProperties,
                tokens,
                tokens instanceof VerifiedTokens || tokens instanceof IntrospectedTokens);
        if (tokens instanceof VerifiedTokens && authenticator.stream().findAny().isPresent()) {
            logger.info("The Authenticator bean of the application decides about connection tokens. Keys under"
                    + " `realtime.client.token` verify what comes later: tokens of refreshes and of subscriptions.");
        }
        NodeParts parts = new NodeParts(
                PropertiesMapper.nodeOptions(properties),
                clientOptions,
                PropertiesMapper.protocolLimits(webSocketProperties),
                namespaces,
                engine,
                payloadWriter,
                // Asked for when there are clients: the beans behind them may need what the node offers.
                SingletonSupplier.of(() -> new ClientCallbacks(
                        handlers.authenticator(authenticator.getIfAvailable(), tokens == null ? null : tokens::connect),
                        Stream.concat(Stream.ofNullable(handlers.authorizer()), authorizers.orderedStream())
                                .toList(),
                        tokens,
                        rpcProperties.with(handlers.rpcHandler(rpcHandler.getIfAvailable())),
                        handlers.messageHandler(messageHandler.getIfAvailable()),
                        Hooks.of(handlers, events))),
                transactions.getIfAvailable(),
                events);
        return new RealtimeNode(parts, time.getIfAvailable(NodeTime::real));
    }

    @Bean
    NodeLifecycle realtimeNodeLifecycle(RealtimeNode node, ConfigurableListableBeanFactory beans) {
        ParentNode.refuse(beans);
        return new NodeLifecycle(node);
    }

    @Bean
    NodeShutdown realtimeNodeShutdown(RealtimeNode node) {
        return new NodeShutdown(node);
    }

    @Bean
    @ConditionalOnMissingBean
    RealtimePublisher realtimePublisher(RealtimeNode node, BeanFactory beans) {
        return Observations.of(node.publisher(), beans);
    }

    @Bean
    @ConditionalOnMissingBean
    RealtimeChannels realtimeChannels(RealtimeNode node) {
        return node.channels();
    }

    @Bean
    @ConditionalOnMissingBean
    RealtimePresence realtimePresence(RealtimeNode node) {
        return node.presence();
    }

    @Bean
    @ConditionalOnMissingBean
    RealtimeClients realtimeClients(RealtimeNode node) {
        return node.clients();
    }
}
