package dev.realtime.handler.hook;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.Payload;
import dev.realtime.handler.OnCacheEmpty;
import dev.realtime.handler.OnConnect;
import dev.realtime.handler.OnPublish;
import dev.realtime.handler.OnRefresh;
import dev.realtime.handler.OnRpc;
import dev.realtime.handler.OnSend;
import dev.realtime.handler.OnSubscribe;
import dev.realtime.handler.OnSubscriptionRefresh;
import dev.realtime.handler.argument.HandlerCall;
import dev.realtime.handler.declaration.ChannelTemplate;
import dev.realtime.handler.declaration.HandlerKind;
import dev.realtime.handler.invocation.BeanMethod;
import dev.realtime.handler.invocation.HandlerInvoker;
import dev.realtime.handler.invocation.HandlerMethod;
import dev.realtime.handler.invocation.HandlerStatistics;
import dev.realtime.handler.security.MethodSecurity;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.Authenticator;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.hook.CacheHook;
import dev.realtime.spi.hook.ClientPublication;
import dev.realtime.spi.hook.LifecycleHook;
import dev.realtime.spi.hook.MessageHandler;
import dev.realtime.spi.hook.PublishHook;
import dev.realtime.spi.hook.RenewalHook;
import dev.realtime.spi.hook.RpcHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import reactor.core.publisher.Mono;

/** Handler methods of the application, as the hooks that the server calls. */
public final class Handlers implements SmartInitializingSingleton {

    private static final Logger logger = LoggerFactory.getLogger(Handlers.class);

    private final Supplier<List<HandlerMethod>> discovery;

    private final List<Consumer<HandlerStatistics>> observers = new ArrayList<>();

    /** {@code null} until all singleton beans exist. */
    private volatile @Nullable Found found;

    private final HandlerInvoker invoker;

    private final ReplyMapper replies;

    private final BeanFactory beans;

    Handlers(Supplier<List<HandlerMethod>> discovery, HandlerInvoker invoker, ReplyMapper replies, BeanFactory beans) {
        this.discovery = discovery;
        this.invoker = invoker;
        this.replies = replies;
        this.beans = beans;
    }

    /** Methods by kind, and those for RPC by name. */
    private record Found(
            List<HandlerMethod> all,
            Map<HandlerKind, List<HandlerMethod>> byKind,
            Map<String, HandlerMethod> byRpcMethod) {

        static Found of(List<HandlerMethod> methods) {
            return new Found(
                    List.copyOf(methods),
                    methods.stream().collect(Collectors.groupingBy(HandlerMethod::kind)),
                    methods.stream()
                            .filter(method -> method.kind() == HandlerKind.RPC)
                            .collect(Collectors.toUnmodifiableMap(
                                    method -> HandlerKind.RPC.valueOn(method.method()), Function.identity())));
        }
    }

    /**
     * Finds the methods. All singleton beans exist now, so their classes count, not their declared types.
     */
    @Override
    public void afterSingletonsInstantiated() {
        Found methods = Found.of(discovery.get());
        methods.all().stream()
                .flatMap(method -> Stream.concat(
                        Stream.of(method.code()), method.exceptions().methods()))
                .distinct()
                .forEach(this::check);
        synchronized (observers) {
            found = methods;
            observers.forEach(this::report);
        }
    }

    private void check(BeanMethod method) {
        method.requireReachable();
        MethodSecurity.check(method, beans);
    }

    /** Returns the counters of each handler method. */
    public List<HandlerStatistics> statistics() {
        return found().all().stream().map(HandlerMethod::statistics).toList();
    }

    /** Passes the counters of each handler method to an observer, now or as soon as the methods are found. */
    public void observe(Consumer<HandlerStatistics> observer) {
        synchronized (observers) {
            observers.add(observer);
            if (found != null) {
                report(observer);
            }
        }
    }

    private void report(Consumer<HandlerStatistics> observer) {
        statistics().forEach(observer);
    }

    private Found found() {
        Found methods = found;
        if (methods == null) {
            throw new IllegalStateException(
                    "Handler methods are found once all singleton beans exist. Do not use them earlier.");
        }
        return methods;
    }

    private List<HandlerMethod> of(HandlerKind kind) {
        return found().byKind().getOrDefault(kind, List.of());
    }

    private boolean none(HandlerKind kind) {
        return of(kind).isEmpty();
    }

    /** Handler method that matches a channel, and the variables of its pattern. */
    private record Match(HandlerMethod method, Map<String, String> variables) {

        HandlerCall about(ClientIdentity client, Channel channel) {
            return HandlerCall.of(client).in(channel, variables);
        }
    }

    private List<Match> matches(HandlerKind kind, Channel channel) {
        return of(kind).stream()
                .map(method -> match(method, channel))
                .filter(Objects::nonNull)
                .toList();
    }

    private @Nullable Match mostSpecific(HandlerKind kind, Channel channel) {
        for (HandlerMethod method : of(kind)) {
            Match match = match(method, channel);
            if (match != null) {
                return match;
            }
        }
        return null;
    }

    private static @Nullable Match match(HandlerMethod method, Channel channel) {
        ChannelTemplate template = method.template();
        Map<String, String> variables = template == null ? null : template.match(channel.name());
        return variables == null ? null : new Match(method, variables);
    }

    private static <T> Mono<T> denied(Match match, ClientIdentity client, Channel channel) {
        return Mono.error(() -> {
            logger.debug(
                    "Handler method {} denied client {} of user '{}' in channel '{}'",
                    match.method(),
                    client.clientId(),
                    client.userId(),
                    channel.name());
            return ClientRefusedException.with(ClientError.PERMISSION_DENIED, "denied by the handler method");
        });
    }

    /**
     * Returns the authenticator that calls the method marked with {@link OnConnect}; without one, the bean.
     *
     * @param bean authenticator of the application, which decides about clients with a token; {@code null} for none
     * @param tokens verifier of the tokens of clients if there is no bean; {@code null} for none
     */
    public @Nullable Authenticator authenticator(@Nullable Authenticator bean, @Nullable Authenticator tokens) {
        if (none(HandlerKind.CONNECT)) {
            return bean;
        }
        HandlerMethod method = of(HandlerKind.CONNECT).get(0);
        Authenticator verifier = bean == null ? tokens : bean;
        return context -> verifier != null && !context.token().isEmpty()
                ? verifier.authenticate(context)
                : invoker.call(method, HandlerCall.connecting(context)).map(replies::authentication);
    }

    /** Returns the authorizer that calls the methods marked with {@link OnSubscribe}; {@code null} without any. */
    public @Nullable ChannelAuthorizer authorizer() {
        return none(HandlerKind.SUBSCRIBE) ? null : new SubscribeDecisions();
    }

    private final class SubscribeDecisions implements ChannelAuthorizer {

        @Override
        public Mono<SubscriptionGrant> authorizeSubscribe(
                ClientIdentity client, Channel channel, @Nullable Payload data) {
            Match match = mostSpecific(HandlerKind.SUBSCRIBE, channel);
            if (match == null) {
                return Mono.empty();
            }
            return invoker.call(match.method(), match.about(client, channel).with(data))
                    .mapNotNull(replies::grant)
                    .switchIfEmpty(denied(match, client, channel));
        }
    }

    /** Returns the hook that calls the methods marked with {@link OnPublish}; {@code null} without any. */
    public @Nullable PublishHook publishHook() {
        return none(HandlerKind.PUBLISH) ? null : this::publish;
    }

    private Mono<ClientPublication> publish(ClientIdentity client, Channel channel, Payload data) {
        Match match = mostSpecific(HandlerKind.PUBLISH, channel);
        if (match == null) {
            return Mono.empty();
        }
        return invoker.call(match.method(), match.about(client, channel).with(data))
                .mapNotNull(result -> replies.publication(result, data))
                .switchIfEmpty(denied(match, client, channel));
    }

    /**
     * Returns the handler that calls the methods marked with {@link OnRpc}.
     *
     * @param other handler of all other methods; {@code null} for none
     */
    public @Nullable RpcHandler rpcHandler(@Nullable RpcHandler other) {
        if (none(HandlerKind.RPC)) {
            return other;
        }
        return (client, name, data) -> {
            HandlerMethod method = found().byRpcMethod().get(name);
            if (method != null) {
                return invoker.call(method, HandlerCall.of(client).with(data)).map(replies::payload);
            }
            return other != null
                    ? other.call(client, name, data)
                    : Mono.error(ClientRefusedException.with(ClientError.METHOD_NOT_FOUND, "unknown method"));
        };
    }

    /** Returns the handler that calls the method marked with {@link OnSend}; without one, the other handler. */
    public @Nullable MessageHandler messageHandler(@Nullable MessageHandler other) {
        if (none(HandlerKind.SEND)) {
            return other;
        }
        HandlerMethod method = of(HandlerKind.SEND).get(0);
        return (client, data) ->
                invoker.call(method, HandlerCall.of(client).with(data)).then();
    }

    /**
     * Returns the hook that calls the methods marked with {@link OnRefresh} and {@link OnSubscriptionRefresh};
     * {@code null} without any.
     */
    public @Nullable RenewalHook renewalHook() {
        return none(HandlerKind.REFRESH) && none(HandlerKind.SUBSCRIPTION_REFRESH) ? null : new Renewals();
    }

    private final class Renewals implements RenewalHook {

        @Override
        public Mono<Authentication> renew(ClientIdentity client) {
            return none(HandlerKind.REFRESH)
                    ? Mono.empty()
                    : invoker.call(of(HandlerKind.REFRESH).get(0), HandlerCall.of(client))
                            .map(result -> replies.renewed(result, client.userId()));
        }

        @Override
        public Mono<SubscriptionGrant> renewSubscription(ClientIdentity client, Channel channel) {
            Match match = mostSpecific(HandlerKind.SUBSCRIPTION_REFRESH, channel);
            return match == null
                    ? Mono.empty()
                    : invoker.call(match.method(), match.about(client, channel)).map(replies::renewedGrant);
        }
    }

    /** Returns the hook that calls the methods marked with {@link OnCacheEmpty}; {@code null} without any. */
    public @Nullable CacheHook cacheHook() {
        return none(HandlerKind.CACHE_EMPTY) ? null : this::stateOf;
    }

    private Mono<CacheHook.State> stateOf(Channel channel) {
        Match match = mostSpecific(HandlerKind.CACHE_EMPTY, channel);
        return match == null
                ? Mono.empty()
                : invoker.call(match.method(), HandlerCall.ofNoClient().in(channel, match.variables()))
                        .mapNotNull(replies::state);
    }

    /** Returns the hook that notifies the methods for lifecycle events; {@code null} without any. */
    public @Nullable LifecycleHook lifecycleHook() {
        return Stream.of(HandlerKind.values()).filter(HandlerKind::isNotified).allMatch(this::none)
                ? null
                : new LifecycleNotifier();
    }

    private final class LifecycleNotifier implements LifecycleHook {

        @Override
        public void connected(ClientIdentity client) {
            HandlerCall call = HandlerCall.of(client);
            of(HandlerKind.CONNECTED).forEach(method -> invoker.notify(method, call));
        }

        @Override
        public void disconnected(ClientIdentity client, Disconnect disconnect) {
            HandlerCall call = HandlerCall.of(client).with(disconnect);
            of(HandlerKind.DISCONNECT).forEach(method -> invoker.notify(method, call));
        }

        @Override
        public void subscribed(ClientIdentity client, Channel channel) {
            for (Match match : matches(HandlerKind.SUBSCRIBED, channel)) {
                invoker.notify(match.method(), match.about(client, channel));
            }
        }

        @Override
        public void unsubscribed(ClientIdentity client, Channel channel, Unsubscribe unsubscribe) {
            for (Match match : matches(HandlerKind.UNSUBSCRIBE, channel)) {
                invoker.notify(match.method(), match.about(client, channel).with(unsubscribe));
            }
        }
    }
}
