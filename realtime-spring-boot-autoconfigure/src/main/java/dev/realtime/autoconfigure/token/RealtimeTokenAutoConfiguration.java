package dev.realtime.autoconfigure.token;

import com.nimbusds.jose.JWSVerifier;
import dev.realtime.api.PayloadWriter;
import dev.realtime.api.token.RealtimeTokenIssuer;
import dev.realtime.auth.token.JwtAuthenticator;
import dev.realtime.auth.token.SignatureVerifier;
import dev.realtime.auth.token.TokenRules;
import dev.realtime.auth.token.TokenSigner;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.autoconfigure.RealtimeClientProperties;
import dev.realtime.failure.ConfigurationProblemException;
import dev.realtime.node.NodeTime;
import dev.realtime.spi.auth.TokenAuthenticator;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Clock;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ResourceLoader;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.authentication.ReactiveJwtAuthenticationConverter;
import org.springframework.util.StringUtils;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Tokens of connections and subscriptions: verified by the keys under {@code realtime.client.token}, or by the
 * application's {@link ReactiveJwtDecoder} or {@link JwtDecoder}, and issued by a {@link RealtimeTokenIssuer}. A bean
 * of type {@link TokenAuthenticator} replaces the verification, one of type {@link TokenSigner} signs with a private
 * key.
 */
@AutoConfiguration(
        before = RealtimeAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.security.oauth2.server.resource.autoconfigure."
                    + "OAuth2ResourceServerAutoConfiguration",
            "org.springframework.boot.security.oauth2.server.resource.autoconfigure."
                    + "reactive.ReactiveOAuth2ResourceServerAutoConfiguration"
        })
@ConditionalOnBooleanProperty(name = "realtime.enabled", matchIfMissing = true)
@ConditionalOnClass(JWSVerifier.class)
@EnableConfigurationProperties({
    RealtimeClientProperties.class,
    RealtimeTokenProperties.class,
    RealtimeSubscriptionTokenProperties.class
})
public final class RealtimeTokenAutoConfiguration {

    private static final Logger logger = LoggerFactory.getLogger(RealtimeTokenAutoConfiguration.class);

    /** Tokens verified with the keys in properties. */
    @Configuration(proxyBeanMethods = false)
    @Conditional(OnTokenKeysCondition.class)
    static class Keys {

        @Bean(defaultCandidate = false)
        KeyFetching realtimeTokenKeyFetching(BeanFactory beans) {
            return new KeyFetching(beans);
        }

        @Bean
        @ConditionalOnMissingBean(TokenAuthenticator.class)
        JwtAuthenticator realtimeTokens(
                @Qualifier("realtimeTokenKeyFetching") KeyFetching fetching,
                ResourceLoader resources,
                RealtimeTokenProperties connection,
                RealtimeSubscriptionTokenProperties subscription,
                RealtimeClientProperties client,
                ObjectProvider<NodeTime> time) {
            TokenConfigurationCheck.check(connection, subscription, null, true);
            TokenKeysMapper keys = new TokenKeysMapper(new ResourceText(resources), fetching, clock(time));
            SignatureVerifier connections = signatures(keys, connection, client);
            SignatureVerifier subscriptions =
                    subscription.enabled() ? signatures(keys, subscription, client) : connections;
            return new JwtAuthenticator(
                    connections,
                    TokenRulesMapper.rules(connection),
                    subscriptions,
                    TokenRulesMapper.rules(subscription.enabled() ? subscription : connection),
                    settings(client),
                    clock(time));
        }

        private static SignatureVerifier signatures(
                TokenKeysMapper keys, TokenProperties token, RealtimeClientProperties client) {
            SignatureVerifier signatures = keys.signatures(token);
            if (client.insecureSkipTokenSignatureVerify()) {
                logger.warn(
                        "`realtime.client.insecure-skip-token-signature-verify` is on: anyone may connect as any user,"
                                + " with an unsigned token. Use it for local work only and remove it before others can"
                                + " reach this server.");
                return SignatureVerifier.insecure();
            }
            return signatures;
        }
    }

    /** Tokens verified by the decoder that the application has for itself. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ReactiveJwtDecoder.class)
    static class Decoder {

        @Bean
        @ConditionalOnBean(ReactiveJwtDecoder.class)
        @ConditionalOnMissingBean(TokenAuthenticator.class)
        @Conditional(OnTokenKeysCondition.Not.class)
        JwtAuthenticator realtimeDecodedTokens(
                ObjectProvider<ReactiveJwtDecoder> decoders,
                ObjectProvider<JwtPrincipal> principals,
                RealtimeTokenProperties properties,
                RealtimeClientProperties client,
                ObjectProvider<NodeTime> time) {
            ReactiveJwtDecoder decoder = unique(decoders, "ReactiveJwtDecoder");
            return decoded(decoder::decode, principals, properties, client, time);
        }
    }

    /** Tokens verified by a decoder that blocks, as applications on servlets have one. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(JwtDecoder.class)
    @ConditionalOnBean(JwtDecoder.class)
    @ConditionalOnMissingBean({TokenAuthenticator.class, ReactiveJwtDecoder.class})
    @Conditional(OnTokenKeysCondition.Not.class)
    static class BlockingDecoder {

        /** Number of tokens that are decoded at the same time. */
        private static final int THREADS = 8;

        /** Number of tokens that wait for a thread. */
        private static final int QUEUE = 8_000;

        /**
         * Threads with one queue: a decode that hangs keeps its thread, also when its client gave up, and no other
         * token waits for it.
         */
        @Bean(defaultCandidate = false, destroyMethod = "dispose")
        Scheduler realtimeTokenDecoderScheduler() {
            String name = "realtime-token-decoder";
            CustomizableThreadFactory factory = new CustomizableThreadFactory(name + "-");
            factory.setDaemon(true);
            ThreadPoolExecutor threads = new ThreadPoolExecutor(
                    THREADS, THREADS, 60, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE), factory);
            threads.allowCoreThreadTimeOut(true);
            return Schedulers.fromExecutorService(threads, name);
        }

        @Bean
        JwtAuthenticator realtimeBlockinglyDecodedTokens(
                ObjectProvider<JwtDecoder> decoders,
                ObjectProvider<JwtPrincipal> principals,
                @Qualifier("realtimeTokenDecoderScheduler") Scheduler threads,
                RealtimeTokenProperties properties,
                RealtimeClientProperties client,
                ObjectProvider<NodeTime> time) {
            JwtDecoder decoder = unique(decoders, "JwtDecoder");
            return decoded(
                    token -> Mono.fromCallable(() -> decoder.decode(token)).subscribeOn(threads),
                    principals,
                    properties,
                    client,
                    time);
        }
    }

    private static <D> D unique(ObjectProvider<D> decoders, String type) {
        D decoder = decoders.getIfUnique();
        if (decoder == null) {
            throw new ConfigurationProblemException(
                    "realtime.client.token",
                    "There are several `%s` beans, and none of them is selected for the tokens of clients."
                            .formatted(type),
                    "Mark one of them as primary, or define a `TokenAuthenticator` bean.");
        }
        return decoder;
    }

    private static JwtAuthenticator decoded(
            Function<String, Mono<Jwt>> decoder,
            ObjectProvider<JwtPrincipal> principals,
            RealtimeTokenProperties properties,
            RealtimeClientProperties client,
            ObjectProvider<NodeTime> time) {
        TokenRules rules = TokenRulesMapper.rules(properties);
        return new JwtAuthenticator(
                new DecodedSignatures(decoder, principals.getIfAvailable(() -> JwtPrincipal.NONE)),
                properties.allowDecoderClaims() ? rules : rules.withIdentityOnly(),
                settings(client),
                clock(time));
    }

    /** The user of a decoded token with the authorities that the application's resource server would give it. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({ReactiveJwtDecoder.class, ReactiveJwtAuthenticationConverter.class})
    static class Principals {

        @Bean
        JwtPrincipal realtimeJwtPrincipal(
                ObjectProvider<ReactiveJwtAuthenticationConverter> reactive,
                ObjectProvider<JwtAuthenticationConverter> blocking) {
            ReactiveJwtAuthenticationConverter own = reactive.getIfUnique();
            JwtAuthenticationConverter other = own == null ? blocking.getIfUnique() : null;
            if (other != null) {
                return jwt -> Mono.justOrEmpty(other.convert(jwt));
            }
            ReactiveJwtAuthenticationConverter converter = own == null ? new ReactiveJwtAuthenticationConverter() : own;
            return jwt -> converter.convert(jwt).cast(Principal.class);
        }
    }

    private static JwtAuthenticator.Settings settings(RealtimeClientProperties client) {
        return new JwtAuthenticator.Settings(!client.disallowAnonymousConnectionTokens(), !client.insecure());
    }

    /** Returns the clock of the node. */
    static Clock clock(ObjectProvider<NodeTime> time) {
        NodeTime known = time.getIfAvailable();
        return known == null ? Clock.systemUTC() : known.clock();
    }

    /** Tokens issued with the secret that verifies them, or with a private key of the application. */
    @Configuration(proxyBeanMethods = false)
    static class Issuer {

        @Bean
        @ConditionalOnMissingBean
        @Conditional(OnSignerCondition.class)
        RealtimeTokenIssuer realtimeTokenIssuer(
                RealtimeTokenProperties connection,
                RealtimeSubscriptionTokenProperties subscription,
                ObjectProvider<TokenSigner> signers,
                ResourceLoader resources,
                PayloadWriter payloadWriter,
                ObjectProvider<NodeTime> time) {
            ResourceText text = new ResourceText(resources);
            TokenSigner signer = signers.getIfAvailable(() -> secretOf(connection, text));
            TokenSigner ofSubscriptions = subscription.enabled() ? secretOf(subscription, text) : null;
            boolean shared =
                    !subscription.enabled() || signers.stream().findAny().isPresent();
            return new RealtimeTokenIssuer(
                    minting(signer, connection),
                    minting(
                            ofSubscriptions != null ? ofSubscriptions : shared ? signer : null,
                            subscription.enabled() ? subscription : connection),
                    payloadWriter::write,
                    clock(time));
        }

        private static RealtimeTokenIssuer.@Nullable Minting minting(
                @Nullable TokenSigner signer, TokenProperties token) {
            return signer == null ? null : new RealtimeTokenIssuer.Minting(signer, TokenRulesMapper.rules(token));
        }

        private static @Nullable TokenSigner secretOf(TokenProperties token, ResourceText text) {
            if (!StringUtils.hasText(token.hmacSecretKey())) {
                return null;
            }
            String secret = text.of(token.prefix() + "hmac-secret-key", token.hmacSecretKey());
            return TokenSigner.hmac(secret.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Condition on a key to sign with. */
    static final class OnSignerCondition extends AnyNestedCondition {

        OnSignerCondition() {
            super(ConfigurationPhase.REGISTER_BEAN);
        }

        @Conditional(OnTokenKeysCondition.Secret.class)
        static class Secret {}

        @ConditionalOnBean(TokenSigner.class)
        static class Signer {}
    }
}
