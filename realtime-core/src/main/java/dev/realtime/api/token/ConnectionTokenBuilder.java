package dev.realtime.api.token;

import dev.realtime.api.data.Payload;
import dev.realtime.json.JsonField;
import dev.realtime.json.JsonOutput;
import dev.realtime.json.WireWriter;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A token with which a user connects, being described. One use, by one thread. */
public final class ConnectionTokenBuilder {

    private final TokenBuilder token;

    private final Function<Object, Payload> payloads;

    private @Nullable Payload info;

    private @Nullable Payload meta;

    private final Set<String> channels = new LinkedHashSet<>();

    ConnectionTokenBuilder(TokenBuilder token, Function<Object, Payload> payloads) {
        this.token = token;
        this.payloads = payloads;
    }

    /**
     * Ends the token after this time, a second or more, in place of {@link RealtimeTokenIssuer#DEFAULT_LIFE}.
     *
     * @param life validity from now on
     * @return this builder
     */
    public ConnectionTokenBuilder expiresIn(Duration life) {
        token.life(life);
        return this;
    }

    /**
     * Ends the connection at another time than the token.
     *
     * @param unixSeconds 0 for never
     * @return this builder
     */
    public ConnectionTokenBuilder connectionExpiresAt(long unixSeconds) {
        token.expireAt(unixSeconds);
        return this;
    }

    /**
     * What others see of the client in presence, join, leave and its publications: an object or raw bytes.
     *
     * @param info object that becomes JSON, or bytes
     * @return this builder
     */
    public ConnectionTokenBuilder info(Object info) {
        this.info = RealtimeTokenIssuer.payload(payloads, info);
        return this;
    }

    /**
     * Sets data for handlers of the application: an object that becomes JSON. The server never sends it to clients, but
     * the holder of the token can read it.
     *
     * @param meta object that becomes JSON
     * @return this builder
     * @throws IllegalArgumentException if it does not become JSON
     */
    public ConnectionTokenBuilder meta(Object meta) {
        Payload json = RealtimeTokenIssuer.payload(payloads, meta);
        if (json != null && !json.isJson()) {
            throw new IllegalArgumentException("The meta of a token must be JSON.");
        }
        this.meta = json;
        return this;
    }

    /**
     * A channel the server subscribes the client to, without a permission check. May be called for several.
     *
     * @param channel name of the channel
     * @return this builder
     */
    public ConnectionTokenBuilder channel(String channel) {
        channels.add(channel);
        return this;
    }

    /**
     * Returns the token. Its holder can connect as the user: do not log it.
     *
     * @return the token
     */
    public String mint() {
        WireWriter out = token.begin();
        TokenBuilder.payload(out, "info", info);
        TokenBuilder.payload(out, "meta", meta);
        if (!channels.isEmpty()) {
            JsonOutput.openArray(out, JsonField.of("channels"));
            for (String channel : channels) {
                JsonOutput.comma(out);
                JsonOutput.string(out, channel);
            }
            JsonOutput.closeArray(out);
        }
        return token.sign(out);
    }
}
