package dev.realtime.autoconfigure.token;

import dev.realtime.auth.token.JwtAuthenticator;
import dev.realtime.autoconfigure.ConditionalOnNode;
import dev.realtime.autoconfigure.ConfigurationCheck;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.spi.auth.Authenticator;
import dev.realtime.spi.auth.TokenAuthenticator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Check that something uses the settings of tokens, also where the library for tokens is missing. */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnNode
@EnableConfigurationProperties({RealtimeTokenProperties.class, RealtimeSubscriptionTokenProperties.class})
public final class RealtimeTokenCheckAutoConfiguration {

    private static final Logger logger = LoggerFactory.getLogger(RealtimeTokenCheckAutoConfiguration.class);

    @Bean
    ConfigurationCheck realtimeTokenConfigurationCheck(
            RealtimeTokenProperties connection,
            RealtimeSubscriptionTokenProperties subscription,
            ObjectProvider<TokenAuthenticator> verifier,
            ObjectProvider<Authenticator> authenticator) {
        return () -> {
            TokenAuthenticator tokens = verifier.getIfAvailable();
            TokenConfigurationCheck.check(
                    connection,
                    subscription,
                    tokens,
                    tokens instanceof JwtAuthenticator || tokens instanceof IntrospectedTokens);
            if (tokens instanceof JwtAuthenticator
                    && authenticator.stream().findAny().isPresent()) {
                logger.info("The Authenticator bean of the application decides about connection tokens. Keys under"
                        + " `realtime.client.token` verify tokens of refreshes and subscriptions only.");
            }
        };
    }
}
