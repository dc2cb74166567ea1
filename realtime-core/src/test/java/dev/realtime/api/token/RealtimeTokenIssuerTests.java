package dev.realtime.api.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.api.channel.SubscribeOverrides;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.TagsFilter;
import dev.realtime.auth.token.KeySource;
import dev.realtime.auth.token.SignatureVerifier;
import dev.realtime.auth.token.TestKeys;
import dev.realtime.auth.token.TokenClaims;
import dev.realtime.auth.token.TokenKey;
import dev.realtime.auth.token.TokenRules;
import dev.realtime.auth.token.TokenSigner;
import dev.realtime.auth.token.TokenVerifier;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is minted is what is verified. */
class RealtimeTokenIssuerTests {

    private static final byte[] SECRET = "a secret of more than thirty-two bytes".getBytes(StandardCharsets.UTF_8);

    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_000_000), ZoneOffset.UTC);

    private static RealtimeTokenIssuer issuer(TokenSigner signer, TokenRules rules) {
        RealtimeTokenIssuer.Minting minting = new RealtimeTokenIssuer.Minting(signer, rules);
        return new RealtimeTokenIssuer(minting, minting, value -> Payload.ofText("\"" + value + "\""), CLOCK);
    }

    private static TokenVerifier verifier(TokenKey key, TokenRules rules) {
        return new TokenVerifier(SignatureVerifier.of(KeySource.of(List.of(key))), rules, CLOCK);
    }

    private final RealtimeTokenIssuer issuer = issuer(TokenSigner.hmac(SECRET), TokenRules.DEFAULTS);

    private final TokenVerifier verifier = verifier(TokenKey.hmac(SECRET), TokenRules.DEFAULTS);

    private TokenClaims connection(String token) {
        return verifier.connection(token).block().claims();
    }

    private TokenClaims subscription(String token) {
        return verifier.subscription(token).block().claims();
    }

    @Test
    void connectionTokenNamesTheUserAndEndsByItself() {
        TokenClaims claims = connection(issuer.connectionToken("alice \"the\" ä\n"));

        assertThat(claims.userId()).isEqualTo("alice \"the\" ä\n");
        assertThat(claims.expiresAt()).isEqualTo(1_000_000 + RealtimeTokenIssuer.DEFAULT_LIFE.toSeconds());
    }

    @Test
    void connectionTokenCarriesInfoMetaAndChannels() {
        TokenClaims claims = connection(issuer.connection("alice")
                .expiresIn(Duration.ofMinutes(1))
                .connectionExpiresAt(0)
                .info("Alice")
                .meta("{\"tier\":2}".getBytes(StandardCharsets.UTF_8))
                .channel("news:a")
                .channel("news:b")
                .mint());

        assertThat(claims.info()).isEqualTo(Payload.ofText("\"Alice\""));
        assertThat(claims.meta()).isEqualTo(Payload.ofText("{\"tier\":2}"));
        assertThat(claims.grants()).containsOnlyKeys("news:a", "news:b");
        assertThat(claims.expiresAt()).isEqualTo(1_000_060);
        assertThat(claims.expireAt()).isZero();
    }

    @Test
    void negativeEndIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> issuer.connection("alice").connectionExpiresAt(-1))
                .withMessageContaining("-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> issuer.subscription("alice", "chat:a").subscriptionExpiresAt(-1));
    }

    @Test
    void subscriptionTokenNamesUserAndChannel() {
        TokenClaims claims = subscription(issuer.subscription("alice", "$chat:a")
                .client("c")
                .info(new byte[] {1, 2})
                .data(Payload.ofText("{}"))
                .override(SubscribeOverrides.NONE
                        .withPresence(true)
                        .withJoinLeave(false)
                        .withForcePositioning(true))
                .subscriptionExpiresAt(1_000_100)
                .mint());

        assertThat(claims.userId()).isEqualTo("alice");
        assertThat(claims.channel()).isEqualTo("$chat:a");
        assertThat(claims.clientId()).isEqualTo("c");
        assertThat(claims.grant().info()).isEqualTo(Payload.of(new byte[] {1, 2}));
        assertThat(claims.grant().data()).isEqualTo(Payload.ofText("{}"));
        assertThat(claims.grant().overrides())
                .isEqualTo(SubscribeOverrides.NONE
                        .withPresence(true)
                        .withJoinLeave(false)
                        .withForcePositioning(true));
        assertThat(claims.expireAt()).isEqualTo(1_000_100);
        assertThat(subscription(issuer.subscriptionToken("alice", "news:a")).channel())
                .isEqualTo("news:a");
    }

    @Test
    void filterOfASubscriptionTokenIsReadAsItWasWritten() {
        TagsFilter filter = TagsFilter.or(
                TagsFilter.and(TagsFilter.eq("team", "a\"\n\u00e9"), TagsFilter.gte("level", new BigDecimal("-1.50"))),
                TagsFilter.not(TagsFilter.in("kind", "x", "")),
                TagsFilter.nexists("secret"));

        TokenClaims claims = subscription(
                issuer.subscription("alice", "$chat:a").filter(filter).mint());

        assertThat(claims.grant().filter()).isEqualTo(filter);
    }

    @Test
    void tokensKeepTheRulesOfTheirVerifier() {
        TokenRules rules = TokenRules.DEFAULTS
                .withIssuer(TokenRules.Match.of("us"))
                .withAudience(TokenRules.Match.of("realtime"))
                .withUserIdClaim("user_id")
                .requiringExpiration();
        String token = issuer(TokenSigner.hmac(SECRET), rules).connectionToken("alice");

        assertThat(verifier(TokenKey.hmac(SECRET), rules)
                        .connection(token)
                        .block()
                        .claims()
                        .userId())
                .isEqualTo("alice");
    }

    @Test
    void privateKeysSignToo() {
        Map<TokenSigner, TokenKey> keys = Map.of(
                TokenSigner.rsa((RSAPrivateKey) TestKeys.RSA.getPrivate(), "one"),
                TokenKey.rsa((RSAPublicKey) TestKeys.RSA.getPublic()),
                TokenSigner.ecdsa((ECPrivateKey) TestKeys.P521.getPrivate(), ""),
                TokenKey.ecdsa((ECPublicKey) TestKeys.P521.getPublic()));
        keys.forEach((signer, key) -> {
            String token = issuer(signer, TokenRules.DEFAULTS).connectionToken("alice");

            assertThat(verifier(key, TokenRules.DEFAULTS).connection(token).block())
                    .isNotNull();
        });
    }

    @Test
    void whatCannotBeATokenIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> issuer.subscription("alice", ""));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> issuer.connection("alice").expiresIn(Duration.ofMillis(999)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> issuer.connection("alice").meta(new byte[] {1}));
    }
}
