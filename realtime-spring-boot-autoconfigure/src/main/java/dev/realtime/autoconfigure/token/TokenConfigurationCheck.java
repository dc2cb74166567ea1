package dev.realtime.autoconfigure.token;

import dev.realtime.failure.ConfigurationProblemException;
import dev.realtime.spi.auth.TokenAuthenticator;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/** Check for token settings without effect, which were probably meant to protect something. */
final class TokenConfigurationCheck {

    private TokenConfigurationCheck() {}

    /**
     * Refuses settings that are not used.
     *
     * @param ours whether the properties decide about the verification of tokens
     * @param tokens verifier of tokens; {@code null} for none
     * @throws ConfigurationProblemException if there are any
     */
    static void check(
            RealtimeTokenProperties connection,
            RealtimeSubscriptionTokenProperties subscription,
            @Nullable TokenAuthenticator tokens,
            boolean ours) {
        refuseHalfRotation(connection);
        refuseHalfRotation(subscription);
        refuseUnusedBundle(connection);
        refuseUnusedBundle(subscription);
        if (!subscription.enabled() && subscription.hasKeys()) {
            throw new ConfigurationProblemException(
                    "realtime.client.subscription-token.enabled",
                    "Keys are set under `realtime.client.subscription-token` but "
                            + "`realtime.client.subscription-token.enabled` is not true, so the keys of "
                            + "connection tokens would count.",
                    "Set `realtime.client.subscription-token.enabled=true`, or remove the keys.");
        }
        if (subscription.enabled() && !subscription.hasKeys()) {
            throw new ConfigurationProblemException(
                    "realtime.client.subscription-token.enabled",
                    "`realtime.client.subscription-token.enabled` is true but no key is set under "
                            + "`realtime.client.subscription-token`, so no subscription token could be "
                            + "verified.",
                    "Set `realtime.client.subscription-token.hmac-secret-key` or another key, or "
                            + "remove `realtime.client.subscription-token.enabled`.");
        }
        boolean keys = connection.hasKeys() || subscription.enabled();
        if (keys && connection.allowDecoderClaims()) {
            throw new ConfigurationProblemException(
                    "realtime.client.token.allow-decoder-claims",
                    "`realtime.client.token.allow-decoder-claims` is true, but keys verify the tokens"
                            + " and no decoder does: all claims count already.",
                    "Remove it.");
        }
        if (keys && tokens == null && !ours) {
            throw new ConfigurationProblemException(
                    "realtime.client.token",
                    "Keys of tokens are set, but nothing verifies tokens, because the library for it "
                            + "is not on the class path.",
                    "Add `com.nimbusds:nimbus-jose-jwt`, which the starter brings unless it is excluded.");
        }
        if (keys && tokens != null && !ours) {
            throw new ConfigurationProblemException(
                    "realtime.client.token",
                    ("Keys of tokens are set, but tokens are verified by a bean of the application "
                                    + "(%s), so the keys would not be used.")
                            .formatted(tokens.getClass().getName()),
                    "Remove the keys, or the bean.");
        }
        if (!ours && connection.hasRules()) {
            throw new ConfigurationProblemException(
                    "realtime.client.token",
                    "Rules are set under `realtime.client.token` but no key is, so no token is verified by them.",
                    "Set `realtime.client.token.hmac-secret-key` or another key, or remove the rules.");
        }
    }

    private static void refuseUnusedBundle(TokenProperties token) {
        String endpoint = token.jwksPublicEndpoint();
        if (StringUtils.hasText(token.jwksSslBundle())
                && (!StringUtils.hasText(endpoint) || ResourceText.isLocation(endpoint))) {
            throw new ConfigurationProblemException(
                    token.prefix() + "jwks-ssl-bundle",
                    ("`%1$sjwks-ssl-bundle` is set but `%1$sjwks-public-endpoint` is not the address "
                                    + "of a server, so nothing is fetched.")
                            .formatted(token.prefix()),
                    "Set the address, or remove the bundle.");
        }
    }

    private static void refuseHalfRotation(TokenProperties token) {
        boolean previous = StringUtils.hasText(token.hmacPreviousSecretKey());
        if (previous && !StringUtils.hasText(token.hmacSecretKey())) {
            throw new ConfigurationProblemException(
                    token.prefix() + "hmac-previous-secret-key",
                    ("`%1$shmac-previous-secret-key` is set but `%1$shmac-secret-key` is not, so there"
                                    + " is nothing it came before.")
                            .formatted(token.prefix()),
                    "Set `%shmac-secret-key` to the secret that new tokens are signed with.".formatted(token.prefix()));
        }
        if (!previous && token.hmacPreviousSecretKeyValidUntil() != 0) {
            throw new ConfigurationProblemException(
                    token.prefix() + "hmac-previous-secret-key-valid-until",
                    ("`%1$shmac-previous-secret-key-valid-until` is set but "
                                    + "`%1$shmac-previous-secret-key` is not, so nothing ends then.")
                            .formatted(token.prefix()),
                    "Set the previous secret, or remove its end.");
        }
    }
}
