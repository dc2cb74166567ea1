package dev.realtime.handler;

import dev.realtime.auth.ClientIdentity;
import dev.realtime.auth.ConnectContext;
import dev.realtime.channel.Channel;
import dev.realtime.protocol.Disconnect;
import dev.realtime.protocol.Payload;
import dev.realtime.protocol.Unsubscribe;
import java.security.Principal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a handler method is called about; what does not belong to its kind is {@code null}.
 *
 * @param client while it connects, its user id is empty
 * @param variables of the channel pattern
 */
record HandlerCall(
        ClientIdentity client,
        @Nullable Channel channel,
        Map<String, String> variables,
        @Nullable Payload payload,
        @Nullable ConnectContext connect,
        @Nullable Unsubscribe unsubscribe,
        @Nullable Disconnect disconnect) {

    static HandlerCall of(ClientIdentity client) {
        return new HandlerCall(client, null, Map.of(), null, null, null, null);
    }

    static HandlerCall connecting(ConnectContext context) {
        ClientIdentity client = new ClientIdentity(context.clientId(), "", context.principal());
        return new HandlerCall(client, null, Map.of(), context.data(), context, null, null);
    }

    HandlerCall in(Channel channel, Map<String, String> variables) {
        return new HandlerCall(client, channel, variables, payload, connect, unsubscribe, disconnect);
    }

    HandlerCall with(@Nullable Payload payload) {
        return new HandlerCall(client, channel, variables, payload, connect, unsubscribe, disconnect);
    }

    HandlerCall with(Unsubscribe unsubscribe) {
        return new HandlerCall(client, channel, variables, payload, connect, unsubscribe, disconnect);
    }

    HandlerCall with(Disconnect disconnect) {
        return new HandlerCall(client, channel, variables, payload, connect, unsubscribe, disconnect);
    }

    /**
     * Returns the locale that the client prefers according to its handshake; the default of the server if it does not,
     * or is not connecting.
     */
    Locale locale() {
        List<String> accepted =
                connect == null ? List.of() : connect.httpHeaders().getOrDefault("accept-language", List.of());
        try {
            return accepted.stream()
                    .flatMap(header -> Locale.LanguageRange.parse(header).stream())
                    .map(range -> Locale.forLanguageTag(range.getRange()))
                    .filter(locale -> !locale.getLanguage().isEmpty())
                    .findFirst()
                    .orElseGet(Locale::getDefault);
        } catch (IllegalArgumentException malformed) {
            return Locale.getDefault();
        }
    }

    @Nullable
    Principal principal() {
        return client.principal();
    }
}
