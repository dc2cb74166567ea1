package dev.realtime.autoconfigure;

import dev.realtime.api.PayloadWriter;
import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimeClients;
import dev.realtime.api.RealtimePresence;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.channel.ChannelOptionsResolver;
import dev.realtime.channel.Namespaces;
import dev.realtime.connection.ClientCallbacks;
import dev.realtime.connection.ClientOptions;
import dev.realtime.event.ApplicationEvents;
import dev.realtime.handler.hook.Handlers;
import dev.realtime.node.NodeTime;
import dev.realtime.node.RealtimeNode;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.spi.auth.Authenticator;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.auth.TokenAuthenticator;
import dev.realtime.spi.engine.Engine;
import dev.realtime.spi.hook.ClientHooks;
import dev.realtime.spi.hook.LifecycleHook;
import dev.realtime.spi.hook.MessageHandler;
import dev.realtime.spi.hook.RpcHandler;
import dev.realtime.spi.hook.TransactionHook;
import java.util.stream.Stream;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.util.function.SingletonSupplier;

/**
 * The node and the beans an application talks to, in every kind of application. Beans of the application take part by
 * their type: {@link Authenticator}, {@link ChannelAuthorizer} (any number, in order), {@link TokenAuthenticator},
 * {@link RpcHandler}, {@link MessageHandler}, {@link ChannelOptionsResolver}, {@link PayloadWriter}, {@link Engine};
 * and by their methods, such as those marked with {@code @OnRpc}, which come before the beans.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "realtime.enabled", matchIfMissing = true)
@EnableConfigurationProperties({
    RealtimeProperties.class,
    RealtimeClientProperties.class,
    RealtimeChannelProperties.class,
    RealtimeRpcProperties.class
})
public final class RealtimeAutoConfiguration {

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
            RealtimeRpcProperties rpcProperties,
            ProtocolLimits protocolLimits,
            Namespaces namespaces,
            Engine engine,
            PayloadWriter payloadWriter,
            ObjectProvider<Authenticator> authenticator,
            ObjectProvider<ChannelAuthorizer> authorizers,
            ObjectProvider<TokenAuthenticator> tokenAuthenticator,
            ObjectProvider<RpcHandler> rpcHandler,
            ObjectProvider<MessageHandler> messageHandler,
            Handlers handlers,
            ApplicationEvents events,
            ObjectProvider<TransactionHook> transactions,
            ObjectProvider<ConfigurationCheck> checks,
            ObjectProvider<NodeTime> time) {
        ClientOptions clientOptions = PropertiesMapper.clientOptions(clientProperties);
        InsecureModeCheck.check(clientProperties);
        PersonalChannelCheck.check(clientProperties, namespaces);
        checks.orderedStream().forEach(ConfigurationCheck::check);
        TokenAuthenticator tokens = tokenAuthenticator.getIfAvailable();
        return RealtimeNode.builder(PropertiesMapper.nodeOptions(properties), namespaces, engine, payloadWriter)
                .clientOptions(clientOptions)
                .protocolLimits(protocolLimits)
                // Asked for when there are clients: the beans behind them may need what the node offers.
                .callbacks(SingletonSupplier.of(() -> new ClientCallbacks(
                        handlers.authenticator(authenticator.getIfAvailable(), tokens == null ? null : tokens::connect),
                        Stream.concat(Stream.ofNullable(handlers.authorizer()), authorizers.orderedStream())
                                .toList(),
                        tokens,
                        rpcProperties.with(handlers.rpcHandler(rpcHandler.getIfAvailable())),
                        handlers.messageHandler(messageHandler.getIfAvailable()),
                        hooks(handlers, events))))
                .transactions(transactions.getIfAvailable())
                .occupancy(events)
                .time(time.getIfAvailable(NodeTime::real))
                .build();
    }

    private static ClientHooks hooks(Handlers handlers, ApplicationEvents events) {
        LifecycleHook ofHandlers = handlers.lifecycleHook();
        LifecycleHook lifecycle = ofHandlers == null ? events : new CompositeLifecycleHook(ofHandlers, events);
        return new ClientHooks(handlers.publishHook(), handlers.renewalHook(), lifecycle, handlers.cacheHook());
    }

    @Bean
    NodeLifecycle realtimeNodeLifecycle(RealtimeNode node, ConfigurableListableBeanFactory beans) {
        ParentNodeCheck.check(beans);
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
