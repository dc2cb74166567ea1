package dev.realtime.autoconfigure.token;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** Condition on verification by properties: a key of any kind is set, or tokens are configured to need none. */
public class OnTokenKeysCondition extends SpringBootCondition {

    public static final String SECRET = "realtime.client.token.hmac-secret-key";

    static final String OWN_SUBSCRIPTION_KEYS = "realtime.client.subscription-token.enabled";

    private static final List<String> SWITCHES =
            List.of(OWN_SUBSCRIPTION_KEYS, "realtime.client.insecure-skip-token-signature-verify");

    private static final List<String> KEYS = List.of(
            SECRET,
            "realtime.client.token.rsa-public-key",
            "realtime.client.token.ecdsa-public-key",
            "realtime.client.token.jwks-public-endpoint");

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("Realtime token keys");
        return found(context.getEnvironment())
                .map(property -> ConditionOutcome.match(message.foundExactly(property)))
                .orElseGet(() ->
                        ConditionOutcome.noMatch(message.didNotFind("property").items(KEYS)));
    }

    /** Returns the property that enables the verification. */
    public static Optional<String> found(Environment environment) {
        return Stream.concat(
                        SWITCHES.stream().filter(name -> environment.getProperty(name, Boolean.class, false)),
                        KEYS.stream().filter(name -> StringUtils.hasText(environment.getProperty(name))))
                .findFirst();
    }

    /** The opposite condition, under which the application may verify tokens itself. */
    static final class Not extends OnTokenKeysCondition {

        @Override
        public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
            ConditionOutcome keys = super.getMatchOutcome(context, metadata);
            return new ConditionOutcome(!keys.isMatch(), keys.getConditionMessage());
        }
    }

    /** Condition on a secret to sign tokens with. */
    static final class Secret extends SpringBootCondition {

        @Override
        public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
            ConditionMessage.Builder message = ConditionMessage.forCondition("Realtime token secret");
            Environment environment = context.getEnvironment();
            boolean found = StringUtils.hasText(environment.getProperty(SECRET))
                    || (environment.getProperty(OWN_SUBSCRIPTION_KEYS, Boolean.class, false)
                            && StringUtils.hasText(
                                    environment.getProperty("realtime.client.subscription-token.hmac-secret-key")));
            return found
                    ? ConditionOutcome.match(message.foundExactly("secret"))
                    : ConditionOutcome.noMatch(message.didNotFind("property").items(SECRET));
        }
    }
}
