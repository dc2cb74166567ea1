package dev.realtime.autoconfigure.token;

import dev.realtime.auth.token.TokenRules;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.autoconfigure.RealtimeClientProperties;
import dev.realtime.failure.ConfigurationProblemException;
import dev.realtime.node.NodeTime;
import dev.realtime.spi.auth.TokenAuthenticator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.security.oauth2.server.resource.introspection.ReactiveOpaqueTokenAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.introspection.ReactiveOpaqueTokenIntrospector;
import org.springframework.util.StringUtils;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for opaque connection tokens: the application's
 * {@link ReactiveOpaqueTokenIntrospector} verifies them where neither keys under {@code realtime.client.token} nor a
 * {@code ReactiveJwtDecoder} do. A {@link ReactiveOpaqueTokenAuthenticationConverter} bean determines the user.
 */
@AutoConfiguration(
        before = RealtimeAutoConfiguration.class,
        after = RealtimeTokenAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.security.oauth2.server.resource.autoconfigure."
                    + "reactive.ReactiveOAuth2ResourceServerAutoConfiguration"
        })
@ConditionalOnBooleanProperty(name = "realtime.enabled", matchIfMissing = true)
@ConditionalOnClass({ReactiveOpaqueTokenIntrospector.class, TokenRules.class})
@EnableConfigurationProperties({RealtimeClientProperties.class, RealtimeTokenProperties.class})
public final class RealtimeOpaqueTokenAutoConfiguration {

    @Bean
    @ConditionalOnBean(ReactiveOpaqueTokenIntrospector.class)
    @ConditionalOnMissingBean(TokenAuthenticator.class)
    @Conditional(OnTokenKeysCondition.Not.class)
    IntrospectedTokens realtimeIntrospectedTokens(
            ObjectProvider<ReactiveOpaqueTokenIntrospector> introspectors,
            ObjectProvider<ReactiveOpaqueTokenAuthenticationConverter> converters,
            RealtimeTokenProperties properties,
            RealtimeClientProperties client,
            ObjectProvider<NodeTime> time) {
        ReactiveOpaqueTokenIntrospector introspector = introspectors.getIfUnique();
        if (introspector == null) {
            throw new ConfigurationProblemException(
                    "realtime.client.token",
                    "There are several `ReactiveOpaqueTokenIntrospector` beans, and none of them is "
                            + "selected for the tokens of clients.",
                    "Mark one of them as primary, or define a `TokenAuthenticator` bean.");
        }
        refuseRulesOfSignedTokens(properties);
        return new IntrospectedTokens(
                introspector,
                converters.getIfUnique(),
                new IntrospectedTokens.Settings(
                        TokenRulesMapper.rules(properties),
                        StringUtils.hasText(properties.userIdClaim()),
                        !client.disallowAnonymousConnectionTokens(),
                        !client.insecure()),
                RealtimeTokenAutoConfiguration.clock(time));
    }

    private static void refuseRulesOfSignedTokens(RealtimeTokenProperties properties) {
        String property = properties.allowDecoderClaims() ? "realtime.client.token.allow-decoder-claims" : "";
        if (properties.restrictsIssuerOrAudience()) {
            property = "realtime.client.token";
        }
        if (!property.isEmpty()) {
            throw new ConfigurationProblemException(
                    property,
                    "Rules for issuer, audience or claims of tokens are set, but a "
                            + "`ReactiveOpaqueTokenIntrospector` verifies tokens, and none of these would be "
                            + "checked.",
                    "Remove `issuer`, `audience` and `allow-decoder-claims` under "
                            + "`realtime.client.token`, and check the attributes of tokens in the introspector.");
        }
    }
}
