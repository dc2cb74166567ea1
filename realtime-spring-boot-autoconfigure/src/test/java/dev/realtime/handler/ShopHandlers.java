package dev.realtime.handler;

import dev.realtime.api.PublishOptions;
import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ConnectContext;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.Payload;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/** A handler of every kind, of every style, for the tests. */
@RealtimeHandler
public class ShopHandlers {

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    private final CountDownLatch patience = new CountDownLatch(1);

    /** Returns what happened, in order. A method, since the fields of a proxy are unset. */
    public BlockingQueue<String> told() {
        return told;
    }

    record Order(@NotBlank String item, @Max(10) int count) {}

    enum Side {
        LEFT,
        RIGHT
    }

    // ---- Connect

    @OnConnect
    @Nullable
    ConnectReply connect(ConnectContext context, @Nullable Principal principal, @Nullable Map<String, String> data) {
        if (data != null && data.containsKey("refuse")) {
            throw new HandlerException(4501, "not today");
        }
        if (data != null && data.containsKey("authority")) {
            return ConnectReply.user("sue")
                    .withAuthorities(data.get("authority"))
                    .withMeta(Map.of("shift", "late"));
        }
        if (data != null && data.containsKey("principal")) {
            return ConnectReply.user("sue")
                    .withPrincipal(UsernamePasswordAuthenticationToken.authenticated(
                            data.get("principal"), null, AuthorityUtils.createAuthorityList("ROLE_ADMIN")));
        }
        if (principal == null) {
            return data == null ? null : ConnectReply.user("guest").withInfo(data);
        }
        ConnectReply reply = ConnectReply.user(principal.getName()).withData(Map.of("hello", principal.getName()));
        return data != null && data.containsKey("expire")
                ? reply.withExpireAt(Instant.now().plusSeconds(1))
                : reply;
    }

    @OnRefresh
    Instant refresh(ClientIdentity client) {
        told.add("refresh " + client.userId());
        return Instant.now().plusSeconds(1_000);
    }

    @OnConnected
    void connected(ClientIdentity client) {
        told.add("connected " + client.userId());
    }

    @OnDisconnect
    void disconnected(ClientIdentity client, Disconnect disconnect) {
        told.add("disconnect " + client.userId() + " " + disconnect.code());
    }

    // ---- Subscribe

    @OnSubscribe("shop:{name}")
    SubscribeReply subscribe(@ChannelVariable String name, Channel channel, ClientIdentity client) {
        return SubscribeReply.allow()
                .withData(Map.of("name", name, "channel", channel.name(), "user", client.userId()));
    }

    @OnSubscribe("shop:closed")
    boolean closed() {
        return false;
    }

    @OnSubscribe("shop:open")
    SubscribeReply open() {
        return SubscribeReply.allow();
    }

    @OnSubscribe("shop:side-{side}")
    Mono<SubscribeReply> side(@ChannelVariable("side") Side which, @Nullable Payload data) {
        return Mono.just(SubscribeReply.allow().withData(which).withInfo(data == null ? "nothing" : data));
    }

    @OnSubscribe("shop:full")
    Mono<Boolean> full() {
        return Mono.error(new HandlerException(1001, "full", true));
    }

    @OnSubscribe("shop:broken")
    boolean broken() {
        throw new IllegalStateException("on purpose");
    }

    @OnSubscribe("shop:slow")
    boolean slow() throws InterruptedException {
        patience.await();
        return true;
    }

    @OnSubscribed("shop:{name}")
    void subscribed(@ChannelVariable String name, ClientIdentity client) {
        told.add("subscribed " + name + " " + client.userId());
    }

    @OnUnsubscribe("shop:{name}")
    Mono<Void> unsubscribed(@ChannelVariable String name, Unsubscribe unsubscribe) {
        return Mono.fromRunnable(() -> told.add("unsubscribe " + name + " " + unsubscribe.code()));
    }

    // ---- Feeds

    @OnSubscribe("clock:{zone}")
    Flux<Map<String, Object>> clock(@ChannelVariable String zone) {
        return Flux.interval(Duration.ofMillis(5))
                // Not dropped: the first tick may be there before the subscriber asks for it.
                .onBackpressureBuffer()
                .<Map<String, Object>>map(tick -> Map.of("zone", zone, "tick", tick))
                .doFinally(signal -> {
                    if (signal == SignalType.CANCEL) {
                        told.add("cancelled " + zone);
                    }
                });
    }

    @OnSubscribe("clock:short")
    Flux<String> shortClock() {
        return Flux.just("tick", "tock");
    }

    @OnSubscribe("clock:admin")
    @PreAuthorize("hasRole('ADMIN')")
    Flux<String> adminClock() {
        return ReactiveSecurityContextHolder.getContext()
                .map(context -> context.getAuthentication().getName())
                .flux();
    }

    // ---- Publish

    @OnPublish("shop:{name}")
    PublishReply order(@Valid Order order, @ChannelVariable String name) {
        return PublishReply.of(Map.of("item", order.item().toUpperCase(Locale.ROOT), "count", order.count()));
    }

    @OnPublish("shop:tagged")
    PublishReply tagged(String text) {
        return PublishReply.of(text + "!").withOptions(PublishOptions.DEFAULTS.withTags(Map.of("by", "handler")));
    }

    @OnPublish("shop:open")
    Mono<Boolean> permitted(byte[] raw) {
        return Mono.just(raw.length < 10);
    }

    // ---- Calls

    @OnRpc("sum")
    int sum(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).sum();
    }

    @OnRpc("order")
    CompletionStage<String> placeOrder(@Valid Order order) {
        return CompletableFuture.completedFuture("ordered " + order.item());
    }

    @OnRpc("nothing")
    void nothing() {}

    @OnRpc
    String unnamed() {
        return "called";
    }

    @OnRpc
    String header(@Header("User") String user) {
        return user;
    }

    @OnRpc("thread")
    String thread() {
        return Thread.currentThread().getName();
    }

    @OnRpc("fail")
    CompletionStage<Void> fail(int code) {
        return CompletableFuture.failedFuture(new HandlerException(code, "as you like"));
    }

    // tag::report[]
    @OnRpc
    @HandlerLimits(timeout = "${app.report.timeout:5s}", concurrency = "4", queueSize = "20")
    List<String> report(String month) {
        return List.of(month);
    }
    // end::report[]

    static final class SoldOutException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String article;

        SoldOutException(String article) {
            this.article = article;
        }

        String article() {
            return article;
        }
    }

    @OnRpc
    String buy(String article) {
        throw new SoldOutException(article);
    }

    // tag::sold-out[]
    @MessageExceptionHandler
    HandlerException soldOut(SoldOutException failure) {
        return new HandlerException(410, "sold out: " + failure.article());
    }
    // end::sold-out[]

    @OnRpc("slow")
    void slowCall() throws InterruptedException {
        patience.await();
    }

    @OnRpc("admin-reactive")
    @PreAuthorize("hasRole('ADMIN')")
    Mono<String> adminReactive() {
        return ReactiveSecurityContextHolder.getContext()
                .map(context -> context.getAuthentication().getName());
    }

    @OnRpc
    @Nullable
    Payload meta(ClientIdentity client) {
        return client.meta();
    }

    @OnRpc("who")
    String who(@Nullable @AuthenticationPrincipal Object principal, @Nullable Principal whole) {
        return principal + " of " + (whole == null ? "nobody" : whole.getName());
    }

    @OnSend
    void message(Order order) {
        told.add("message " + order.item());
    }
}
