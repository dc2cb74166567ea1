package dev.realtime.handler.hook;

import dev.realtime.api.UnreadablePayloadException;
import dev.realtime.api.channel.Channel;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.ConnectContext;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.ProtocolType;
import dev.realtime.api.data.Payload;
import dev.realtime.handler.declaration.HandlerBounds;
import dev.realtime.spi.hook.LifecycleHook;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Calls of the handler methods of one bean as the node makes them, with what a client would get. */
public final class HandlerCalls {

    private final Handlers handlers;

    private @Nullable Principal principal;

    private Map<String, List<String>> headers = Map.of();

    public HandlerCalls(Object bean, UnaryOperator<HandlersBuilder> customizer) {
        this(with(bean), customizer);
    }

    public HandlerCalls(DefaultListableBeanFactory beans, UnaryOperator<HandlersBuilder> customizer) {
        HandlersBuilder builder = new HandlersBuilder(
                HandlerCalls::read,
                value -> Payload.of(JsonMapper.shared().writeValueAsBytes(value)),
                Runnable::run,
                new HandlerBounds(8, 8, Duration.ofSeconds(5)));
        this.handlers = customizer.apply(builder).build(beans);
        handlers.afterSingletonsInstantiated();
    }

    private static DefaultListableBeanFactory with(Object bean) {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        beans.registerSingleton("bean", bean);
        return beans;
    }

    public HandlerCalls(Object bean) {
        this(bean, builder -> builder);
    }

    private static @Nullable Object read(Payload payload, java.lang.reflect.Type type) {
        try {
            JsonMapper mapper = JsonMapper.shared();
            return mapper.readValue(payload.bytes(), mapper.constructType(type));
        } catch (JacksonException notOfTheType) {
            throw new UnreadablePayloadException("its data is of another type", "", notOfTheType);
        }
    }

    public HandlerCalls as(Principal principal) {
        this.principal = principal;
        return this;
    }

    public HandlerCalls with(Map<String, List<String>> headers) {
        this.headers = headers;
        return this;
    }

    private ClientIdentity client() {
        return new ClientIdentity("client", "ann", principal, null, headers);
    }

    /** Result of a call as JSON, or its error as {@code code message}; the data uses apostrophes for quotes. */
    public String rpc(String method, @Nullable String data) {
        Payload payload = data == null ? null : Payload.ofText(data.replace('\'', '"'));
        return shown(Objects.requireNonNull(handlers.rpcHandler(null))
                .call(client(), method, payload)
                .map(result -> result.text().replace('"', '\'')));
    }

    /** Data of a subscribe result as JSON, or the error. */
    public String subscribe(String channel) {
        return shown(Objects.requireNonNull(handlers.authorizer())
                .authorizeSubscribe(client(), new Channel(channel, "chat", ChannelOptions.DEFAULTS), null)
                .map(grant -> grant.data() == null ? "" : grant.data().text().replace('"', '\'')));
    }

    /** User id that a connect handler gives to a client with these headers, or the error. */
    public String connect(Map<String, List<String>> headers) {
        ConnectContext context = new ConnectContext(
                "client", "websocket", ProtocolType.JSON, principal, headers, "/", "", "", null, "", "", Map.of());
        return shown(Objects.requireNonNull(handlers.authenticator(null, null))
                .authenticate(context)
                .map(authentication -> authentication.userId()));
    }

    /** Notifies of a client that is gone. */
    public void disconnected() {
        Objects.requireNonNull(handlers.lifecycleHook()).disconnected(client(), Disconnect.CONNECTION_CLOSED);
    }

    /** Calls a handler of each kind that the bean must have. */
    public void everyKind() {
        Channel channel = new Channel("chat:a", "chat", ChannelOptions.DEFAULTS);
        Payload data = Payload.ofText("1");
        connect(headers);
        subscribe("chat:a");
        rpc("call", null);
        Objects.requireNonNull(handlers.publishHook())
                .publish(client(), channel, data)
                .block();
        Objects.requireNonNull(handlers.messageHandler(null))
                .handle(client(), data)
                .block();
        Objects.requireNonNull(handlers.renewalHook()).renew(client()).block();
        LifecycleHook lifecycle = Objects.requireNonNull(handlers.lifecycleHook());
        lifecycle.connected(client());
        lifecycle.disconnected(client(), Disconnect.CONNECTION_CLOSED);
    }

    private static String shown(Mono<String> result) {
        try {
            return Objects.requireNonNullElse(result.block(Duration.ofSeconds(10)), "");
        } catch (ClientRefusedException refused) {
            ClientError error = refused.error();
            return error == null ? String.valueOf(refused.disconnect()) : error.code() + " " + error.message();
        }
    }
}
