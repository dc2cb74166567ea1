package dev.realtime.auth.token;

import dev.realtime.api.channel.SubscribeOverrides;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.TagsFilter;
import dev.realtime.json.JsonField;
import dev.realtime.json.JsonInput;
import dev.realtime.json.MalformedJsonException;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.protocol.json.JsonFilters;
import dev.realtime.protocol.json.JsonPayloads;
import dev.realtime.spi.auth.SubscriptionGrant;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the claims of a token. Strict where a claim decides something: its type is the documented one or the token is
 * refused. Claims that are not needed are skipped; they may be nested as deeply as payloads and no deeper. One use.
 */
final class ClaimsReader {

    /** Far beyond any real time, also one in milliseconds by mistake, and still safe to calculate with. */
    private static final BigDecimal LATEST = BigDecimal.valueOf(1_000_000_000_000_000L);

    private static final int MAX_TIME_LENGTH = 32;

    private static final JsonField SERVER_TAGS_FILTER = JsonField.of("server_tags_filter");

    /** Claims for the user and the validity, the same in every JWT (RFC 7519, section 4.1). */
    private static final Set<String> IDENTITY = Set.of("sub", "iss", "aud", "exp", "nbf");

    private final JsonInput input;

    private final String userIdClaim;

    private final boolean identityOnly;

    private String userId = "";
    private String issuer = "";
    private List<String> audience = List.of();
    private @Nullable Long expiresAt;
    private @Nullable Long notBefore;
    private @Nullable Long expireAt;
    private String clientId = "";
    private String channel = "";
    private @Nullable Payload meta;
    private List<String> channels = List.of();
    private final Map<String, SubscriptionGrant> subscriptions = new LinkedHashMap<>();
    private final GrantFields own = new GrantFields();

    private ClaimsReader(byte[] claims, TokenRules rules) {
        this.input = ProtocolLimits.DEFAULTS.jsonInput(claims);
        this.userIdClaim = rules.userIdClaim();
        this.identityOnly = rules.identityOnly();
        input.moveTo(0, claims.length);
    }

    /** @throws InvalidTokenException if the claims are not JSON, or one of them is not what it has to be */
    static TokenClaims read(byte[] claims, TokenRules rules) {
        try {
            return new ClaimsReader(claims, rules).read();
        } catch (MalformedJsonException e) {
            throw new InvalidTokenException("has claims that break a rule: " + e.getMessage());
        }
    }

    private TokenClaims read() throws MalformedJsonException {
        if (input.peek() != '{') {
            throw new InvalidTokenException("has claims that are not a JSON object");
        }
        JsonObjects.read(input, JsonField.of("claims"), this::readClaim);
        JsonObjects.expectEnd(input);
        SubscriptionGrant grant = own.grant();
        return new TokenClaims(
                userId,
                issuer,
                audience,
                expiresAt,
                notBefore,
                expireAt,
                clientId,
                channel,
                grant,
                grant.info(),
                meta,
                channels,
                subscriptions);
    }

    private void readClaim(String name) throws MalformedJsonException {
        if (identityOnly && !IDENTITY.contains(name) && !name.equals(userIdClaim)) {
            input.skipValue();
            return;
        }
        switch (name) {
            case "sub" -> {
                String subject = input.string(JsonField.of("sub"));
                if (userIdClaim.equals(TokenRules.SUBJECT)) {
                    userId = subject;
                }
            }
            case "iss" -> issuer = input.string(JsonField.of("iss"));
            case "aud" -> audience = input.peek() == '"' ? List.of(input.string(JsonField.of("aud"))) : strings("aud");
            case "exp" -> expiresAt = time("exp");
            case "nbf" -> notBefore = time("nbf");
            case "expire_at" -> expireAt = time("expire_at");
            case "client" -> clientId = input.string(JsonField.of("client"));
            case "channel" -> channel = input.string(JsonField.of("channel"));
            case "meta" -> meta = payload();
            case "channels" -> channels = strings("channels");
            case "subs" -> JsonObjects.read(input, JsonField.of("subs"), this::readSubscription);
            default -> {
                if (name.equals(userIdClaim)) {
                    userId = textOrNumber(name);
                } else {
                    own.read(name);
                }
            }
        }
    }

    private void readSubscription(String name) throws MalformedJsonException {
        GrantFields fields = new GrantFields();
        JsonObjects.read(input, JsonField.of("subs"), fields::read);
        subscriptions.put(name, fields.grant());
    }

    private List<String> strings(String name) throws MalformedJsonException {
        JsonField field = JsonField.of(name);
        List<String> strings = new ArrayList<>();
        if (input.openArray(field)) {
            while (input.nextElement()) {
                strings.add(input.string(field));
            }
        }
        return strings;
    }

    /** Many applications number their users. */
    private String textOrNumber(String name) throws MalformedJsonException {
        int first = input.peek();
        if (first == '-' || (first >= '0' && first <= '9')) {
            return Long.toString(input.int64(JsonField.of("the claim of the user id")));
        }
        return input.string(JsonField.of("the claim of the user id"));
    }

    /** Unix time, a fraction left out; {@code null} if it is not said. */
    private @Nullable Long time(String name) throws MalformedJsonException {
        String number = JsonPayloads.read(input).text();
        if (number.equals("null")) {
            return null;
        }
        char first = number.charAt(0);
        if ((first != '-' && (first < '0' || first > '9')) || number.length() > MAX_TIME_LENGTH) {
            throw new InvalidTokenException(
                    "has `" + name + "` that is no number of at most " + MAX_TIME_LENGTH + " characters");
        }
        BigDecimal time = new BigDecimal(number);
        if (time.abs().compareTo(LATEST) > 0) {
            throw new InvalidTokenException("has `" + name + "` that is not a time");
        }
        return time.longValue();
    }

    /** Any JSON, {@code null} for JSON's {@code null}. */
    private @Nullable Payload payload() throws MalformedJsonException {
        Payload payload = JsonPayloads.read(input);
        return payload.length() == 4 && payload.text().equals("null") ? null : payload;
    }

    /** Claims that say what comes with a subscription; those of the token itself, or of one of {@code subs}. */
    private final class GrantFields {

        private @Nullable Payload info;
        private @Nullable Payload data;
        private String base64Info = "";
        private String base64Data = "";
        private @Nullable SubscribeOverrides overrides;
        private @Nullable TagsFilter filter;

        void read(String name) throws MalformedJsonException {
            switch (name) {
                case "info" -> info = payload();
                case "data" -> data = payload();
                case "b64info" -> base64Info = input.string(JsonField.of("b64info"));
                case "b64data" -> base64Data = input.string(JsonField.of("b64data"));
                case "override" -> overrides = OverrideReader.read(input);
                case "server_tags_filter" -> filter = filter();
                default -> input.skipValue();
            }
        }

        SubscriptionGrant grant() {
            return TokenClaims.grant(
                    base64Info.isEmpty() ? info : decoded("b64info", base64Info),
                    base64Data.isEmpty() ? data : decoded("b64data", base64Data),
                    overrides,
                    filter);
        }

        /** A token whose filter cannot be kept is worth nothing. */
        private @Nullable TagsFilter filter() throws MalformedJsonException {
            try {
                return JsonFilters.read(input, SERVER_TAGS_FILTER);
            } catch (IllegalArgumentException e) {
                throw new InvalidTokenException("has `server_tags_filter` that is no filter: " + e.getMessage());
            }
        }

        private Payload decoded(String name, String base64) {
            try {
                return Payload.of(Base64.getDecoder().decode(base64));
            } catch (IllegalArgumentException notBase64) {
                throw new InvalidTokenException("has `" + name + "` that is not base64");
            }
        }
    }
}
