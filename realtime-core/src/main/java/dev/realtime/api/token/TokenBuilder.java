package dev.realtime.api.token;

import dev.realtime.api.data.Payload;
import dev.realtime.auth.token.TokenRules;
import dev.realtime.json.JsonField;
import dev.realtime.json.JsonOutput;
import dev.realtime.json.WireWriter;
import dev.realtime.protocol.json.JsonPayloads;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Writes the claims both kinds of tokens have, and signs. One use, by one thread. */
final class TokenBuilder {

    private static final JsonField ISSUED_AT = JsonField.of("iat");

    private static final JsonField EXPIRES_AT = JsonField.of("exp");

    private static final JsonField EXPIRE_AT = JsonField.of("expire_at");

    private final RealtimeTokenIssuer.Minting minting;

    private final String userId;

    private final long nowSeconds;

    private Duration life = RealtimeTokenIssuer.DEFAULT_LIFE;

    private @Nullable Long expireAt;

    TokenBuilder(RealtimeTokenIssuer.Minting minting, String userId, Clock clock) {
        this.minting = minting;
        this.userId = userId;
        this.nowSeconds = clock.millis() / 1000;
    }

    void life(Duration life) {
        if (life.toSeconds() < 1) {
            throw new IllegalArgumentException("A token must be valid for at least a second, not for " + life + ".");
        }
        this.life = life;
    }

    void expireAt(long unixSeconds) {
        if (unixSeconds < 0) {
            throw new IllegalArgumentException("A connection or subscription cannot expire at " + unixSeconds
                    + ": name the seconds since 1970, or 0 for no end.");
        }
        this.expireAt = unixSeconds;
    }

    /** Begins the claims with those both kinds have. */
    WireWriter begin() {
        WireWriter out = new WireWriter(256);
        TokenRules rules = minting.rules();
        JsonOutput.open(out);
        text(out, rules.userIdClaim(), userId);
        text(out, "iss", rules.issuer().value());
        text(out, "aud", rules.audience().value());
        JsonOutput.number(out, ISSUED_AT, nowSeconds);
        JsonOutput.number(out, EXPIRES_AT, nowSeconds + life.toSeconds());
        if (expireAt != null) {
            JsonOutput.name(out, EXPIRE_AT);
            JsonOutput.number(out, expireAt);
        }
        return out;
    }

    String sign(WireWriter claims) {
        JsonOutput.close(claims);
        return minting.signer().sign(claims.toByteArray());
    }

    /** A claim of text, left out when there is none. */
    static void text(WireWriter out, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            JsonOutput.key(out, name);
            JsonOutput.string(out, value);
        }
    }

    /** A claim of JSON, or its twin in base64 for bytes that are none. */
    static void payload(WireWriter out, String name, @Nullable Payload payload) {
        if (payload == null || payload.isEmpty()) {
            return;
        }
        if (payload.isJson()) {
            JsonPayloads.write(out, JsonField.of(name), payload);
        } else {
            text(out, "b64" + name, Base64.getEncoder().encodeToString(payload.bytes()));
        }
    }
}
