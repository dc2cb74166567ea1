package dev.realtime.handler.argument;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ConnectContext;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.Payload;
import java.lang.reflect.Method;
import java.security.Principal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Input of one call of a handler method. Values that its kind does not have are {@code null}.
 *
 * @param client the client; its user id is empty while it connects
 * @param variables variables of the channel pattern by name
 * @param end the {@link Unsubscribe} or {@link Disconnect} that the method is notified of
 * @param failed the failure that an exception handler is called for
 */
public record HandlerCall(
        ClientIdentity client,
        @Nullable Channel channel,
        Map<String, String> variables,
        @Nullable Payload payload,
        @Nullable ConnectContext connect,
        @Nullable Object end,
        @Nullable Failed failed) {

    /**
     * Failure of a handler method.
     *
     * @param method that failed
     */
    record Failed(Method method, Throwable failure) {

        /** Returns the first exception of a type among the failure and its causes; {@code null} if there is none. */
        @Nullable
        Throwable as(Class<?> type) {
            Throwable one = failure;
            for (int depth = 0; one != null && depth < MAX_CAUSES; depth++) {
                if (type.isInstance(one)) {
                    return one;
                }
                one = one.getCause();
            }
            return null;
        }
    }

    /** Causes may form a cycle. */
    private static final int MAX_CAUSES = 32;

    public static HandlerCall of(ClientIdentity client) {
        return new HandlerCall(client, null, Map.of(), null, null, null, null);
    }

    /** Returns a call that is on behalf of no client. */
    public static HandlerCall ofNoClient() {
        return of(new ClientIdentity("", "", null));
    }

    public static HandlerCall connecting(ConnectContext context) {
        ClientIdentity client =
                new ClientIdentity(context.clientId(), "", context.principal(), null, context.httpHeaders());
        return new HandlerCall(client, null, Map.of(), context.data(), context, null, null);
    }

    public HandlerCall in(Channel channel, Map<String, String> variables) {
        return new HandlerCall(client, channel, variables, payload, connect, end, failed);
    }

    public HandlerCall with(@Nullable Payload payload) {
        return new HandlerCall(client, channel, variables, payload, connect, end, failed);
    }

    public HandlerCall with(Unsubscribe unsubscribe) {
        return new HandlerCall(client, channel, variables, payload, connect, unsubscribe, failed);
    }

    public HandlerCall with(Disconnect disconnect) {
        return new HandlerCall(client, channel, variables, payload, connect, disconnect, failed);
    }

    /** Returns the call of an exception handler. */
    public HandlerCall failed(Method method, Throwable failure) {
        return new HandlerCall(client, channel, variables, payload, connect, end, new Failed(method, failure));
    }

    /**
     * Returns the locale that the client prefers according to its handshake; the default of the server if it names
     * none.
     */
    Locale locale() {
        List<String> accepted = client.headers().getOrDefault("accept-language", List.of());
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
    public Principal principal() {
        return client.principal();
    }
}
