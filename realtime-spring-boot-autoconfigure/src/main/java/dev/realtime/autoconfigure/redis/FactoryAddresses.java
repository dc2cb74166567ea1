package dev.realtime.autoconfigure.redis;

import dev.realtime.engine.redis.options.RedisAddresses;
import dev.realtime.engine.redis.options.RedisTopology;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StaticCredentialsProvider;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration.WithAuthentication;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.RedisCredentialsProviderFactory;
import org.springframework.util.StringUtils;

/**
 * Addresses of a connection factory, of the engine or of the application. The Lettuce client does not expose them.
 */
final class FactoryAddresses {

    private final LettuceConnectionFactory factory;

    private final LettuceClientConfiguration client;

    FactoryAddresses(LettuceConnectionFactory factory) {
        this.factory = factory;
        this.client = factory.getClientConfiguration();
    }

    RedisTopology topology() {
        if (factory.isClusterAware()) {
            return RedisTopology.CLUSTER;
        }
        return factory.isRedisSentinelAware() ? RedisTopology.SENTINEL : RedisTopology.STANDALONE;
    }

    RedisAddresses addresses(RedisAddresses.Source source) {
        return new RedisAddresses(source, topology(), uris());
    }

    private List<RedisURI> uris() {
        RedisClusterConfiguration cluster = factory.getClusterConfiguration();
        if (cluster != null) {
            return StreamSupport.stream(cluster.getClusterNodes().spliterator(), false)
                    .map(node -> authenticated(uri(node), cluster))
                    .toList();
        }
        RedisSentinelConfiguration sentinel = factory.getSentinelConfiguration();
        if (sentinel != null) {
            return List.of(sentinel(sentinel));
        }
        if (factory.getSocketConfiguration() != null) {
            // A Unix socket: there is no address to check.
            return List.of();
        }
        RedisStandaloneConfiguration standalone = factory.getStandaloneConfiguration();
        if (!standalone.getHostName().equals(factory.getHostName()) || standalone.getPort() != factory.getPort()) {
            // Made of another configuration, of which the factory does not expose the user name.
            return List.of();
        }
        RedisURI uri = uri(new RedisNode(standalone.getHostName(), standalone.getPort()));
        uri.setDatabase(standalone.getDatabase());
        return List.of(authenticated(uri, standalone));
    }

    private RedisURI sentinel(RedisSentinelConfiguration sentinel) {
        RedisURI uri = new RedisURI();
        uri.setSsl(client.isUseSsl());
        uri.setVerifyPeer(client.getVerifyMode());
        uri.setDatabase(sentinel.getDatabase());
        if (sentinel.getMaster() != null) {
            uri.setSentinelMasterId(sentinel.getMaster().getName());
        }
        sentinel.getSentinels().forEach(node -> {
            RedisURI one = uri(node);
            authenticate(one, sentinel.getSentinelUsername(), sentinel.getSentinelPassword());
            credentials()
                    .ifPresent(
                            factory -> one.setCredentialsProvider(factory.createSentinelCredentialsProvider(sentinel)));
            uri.getSentinels().add(one);
        });
        authenticate(uri, sentinel.getUsername(), sentinel.getPassword());
        credentials().ifPresent(factory -> uri.setCredentialsProvider(factory.createCredentialsProvider(sentinel)));
        return uri;
    }

    private RedisURI uri(RedisNode node) {
        RedisURI uri = RedisURI.create(node.getRequiredHost(), node.getRequiredPort());
        uri.setSsl(client.isUseSsl());
        uri.setStartTls(client.isStartTls());
        uri.setVerifyPeer(client.getVerifyMode());
        client.getClientName().ifPresent(uri::setClientName);
        return uri;
    }

    private <C extends RedisConfiguration & WithAuthentication> RedisURI authenticated(RedisURI uri, C configuration) {
        authenticate(uri, configuration.getUsername(), configuration.getPassword());
        credentials()
                .ifPresent(factory -> uri.setCredentialsProvider(factory.createCredentialsProvider(configuration)));
        return uri;
    }

    private static void authenticate(RedisURI uri, @Nullable String username, RedisPassword password) {
        password.toOptional()
                .ifPresent(secret -> uri.setCredentialsProvider(
                        new StaticCredentialsProvider(StringUtils.hasText(username) ? username : null, secret)));
    }

    private Optional<RedisCredentialsProviderFactory> credentials() {
        return client.getRedisCredentialsProviderFactory();
    }
}
