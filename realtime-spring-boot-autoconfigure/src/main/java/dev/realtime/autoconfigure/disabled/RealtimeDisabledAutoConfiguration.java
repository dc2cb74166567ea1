package dev.realtime.autoconfigure.disabled;

import com.nimbusds.jose.JWSVerifier;
import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimeClients;
import dev.realtime.api.RealtimePresence;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.data.Payload;
import dev.realtime.api.token.RealtimeTokenIssuer;
import dev.realtime.api.token.RealtimeTokenIssuer.Minting;
import dev.realtime.auth.token.TokenRules;
import dev.realtime.auth.token.TokenSigner;
import java.security.SecureRandom;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Beans for applications where {@code realtime.enabled} is {@code false}: they exist and do nothing.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "realtime.enabled", havingValue = false)
public final class RealtimeDisabledAutoConfiguration {

    private static final Logger logger = LoggerFactory.getLogger(RealtimeDisabledAutoConfiguration.class);

    private final DisabledServer server = new DisabledServer();

    RealtimeDisabledAutoConfiguration() {
        logger.info("`realtime.enabled` is `false`: there is no realtime server, and the beans for it do nothing.");
    }

    @Bean
    @ConditionalOnMissingBean
    RealtimePublisher realtimePublisher() {
        return server.publisher();
    }

    @Bean
    @ConditionalOnMissingBean
    RealtimeChannels realtimeChannels() {
        return server.channels();
    }

    @Bean
    @ConditionalOnMissingBean
    RealtimePresence realtimePresence() {
        return server.presence();
    }

    @Bean
    @ConditionalOnMissingBean
    RealtimeClients realtimeClients() {
        return server.clients();
    }

    /** Keeps the types of the token library from being loaded where they are missing. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(JWSVerifier.class)
    static class Tokens {

        /** Issues tokens with a random secret, which no server accepts. */
        @Bean
        @ConditionalOnMissingBean
        RealtimeTokenIssuer realtimeTokenIssuer() {
            byte[] secret = new byte[32];
            new SecureRandom().nextBytes(secret);
            Minting minting = new Minting(TokenSigner.hmac(secret), TokenRules.DEFAULTS);
            return new RealtimeTokenIssuer(minting, minting, data -> Payload.ofText("{}"), Clock.systemUTC());
        }
    }
}
