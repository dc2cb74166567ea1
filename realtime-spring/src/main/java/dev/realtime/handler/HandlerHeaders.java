package dev.realtime.handler;

/**
 * Names of the headers of the {@link org.springframework.messaging.Message} that
 * {@link org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver} beans receive. Its payload is
 * the {@link dev.realtime.api.data.Payload} of the command, empty if there is none. Its native headers are the headers
 * of the client's handshake.
 */
public final class HandlerHeaders {

    /** Header with the {@link dev.realtime.api.client.ClientIdentity}. */
    public static final String CLIENT = "realtimeClient";

    /** Header with the {@link dev.realtime.api.channel.Channel}; absent if the method is not for channels. */
    public static final String CHANNEL = "realtimeChannel";

    /** Header with the variables of the channel pattern by name, a {@code Map<String, String>}. */
    public static final String CHANNEL_VARIABLES = "realtimeChannelVariables";

    /** Header with the {@link dev.realtime.api.client.ConnectContext}; absent except for {@link OnConnect}. */
    public static final String CONNECT = "realtimeConnect";

    private HandlerHeaders() {}
}
