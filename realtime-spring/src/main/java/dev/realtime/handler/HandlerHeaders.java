package dev.realtime.handler;

/**
 * Names of the headers of the {@link org.springframework.messaging.Message} that
 * {@link org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver} beans see. Its payload is the
 * {@link dev.realtime.api.data.Payload} of the command, empty if there is none; its native headers are those of the
 * handshake of the client.
 */
public final class HandlerHeaders {

    /** The {@link dev.realtime.api.client.ClientIdentity}. */
    public static final String CLIENT = "realtimeClient";

    /** The {@link dev.realtime.api.channel.Channel}; missing where the method is not about one. */
    public static final String CHANNEL = "realtimeChannel";

    /** Variables of the channel pattern by name, as a {@code Map<String, String>}. */
    public static final String CHANNEL_VARIABLES = "realtimeChannelVariables";

    /**
     * The {@link dev.realtime.api.client.ConnectContext}; missing where the method is not asked about a connect
     * command.
     */
    public static final String CONNECT = "realtimeConnect";

    private HandlerHeaders() {}
}
