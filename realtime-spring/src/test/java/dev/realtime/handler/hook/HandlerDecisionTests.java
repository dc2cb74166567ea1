package dev.realtime.handler.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.TagsFilter;
import dev.realtime.handler.ConnectReply;
import dev.realtime.handler.HandlerException;
import dev.realtime.handler.OnPublish;
import dev.realtime.handler.OnRpc;
import dev.realtime.handler.OnSubscribe;
import dev.realtime.handler.PublishReply;
import dev.realtime.handler.SubscribeReply;
import dev.realtime.handler.declaration.HandlerBounds;
import dev.realtime.handler.declaration.InvalidHandlerException;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.hook.ClientPublication;
import dev.realtime.spi.hook.PublishHook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Nothing permits by accident: a method that decides returns a decision, and anything else is refused at start-up. */
class HandlerDecisionTests {

    private static final ClientIdentity CLIENT = new ClientIdentity("client", "user", null);

    private static final Channel CHANNEL = new Channel("chat:x", "chat", ChannelOptions.DEFAULTS);

    private static Handlers discover(Object bean) {
        DefaultListableBeanFactory factory = new DefaultListableBeanFactory();
        factory.registerSingleton("bean", bean);
        Handlers handlers = new HandlersBuilder(
                        (payload, type) -> payload.text(),
                        value -> Payload.ofText(value.toString()),
                        Runnable::run,
                        new HandlerBounds(1, 1, Duration.ofSeconds(1)))
                .build(factory);
        handlers.afterSingletonsInstantiated();
        return handlers;
    }

    // ---- Subscribe: what decides nothing

    static Stream<Object> undecided() {
        return Stream.of(
                new Object() {
                    @OnSubscribe("chat:{x}")
                    void subscribe() {}
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    Mono<Void> subscribe() {
                        return Mono.empty();
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    Optional<Boolean> subscribe() {
                        return Optional.of(false);
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    Mono<Optional<Boolean>> subscribe() {
                        return Mono.just(Optional.empty());
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    Object subscribe() {
                        return Mono.error(new HandlerException(403, "no"));
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    Mono<Object> subscribe() {
                        return Mono.just(false);
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    Mono<?> subscribe() {
                        return Mono.just(false);
                    }
                },
                new Object() {
                    @SuppressWarnings("rawtypes")
                    @OnSubscribe("chat:{x}")
                    Mono subscribe() {
                        return Mono.just(false);
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    Mono<Mono<Boolean>> subscribe() {
                        return Mono.just(Mono.just(false));
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    Future<Boolean> subscribe() {
                        return CompletableFuture.completedFuture(false);
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    Callable<Boolean> subscribe() {
                        return () -> false;
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    Supplier<Boolean> subscribe() {
                        return () -> false;
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    AtomicBoolean subscribe() {
                        return new AtomicBoolean();
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    java.util.concurrent.Flow.Publisher<Boolean> subscribe() {
                        return JdkFlowAdapter.publisherToFlowPublisher(Flux.just(false));
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    Flux<Boolean> subscribe() {
                        return Flux.just(false);
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    Publisher<SubscribeReply> subscribe() {
                        return Mono.just(SubscribeReply.deny());
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    String subscribe() {
                        return "denied";
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    List<String> subscribe() {
                        return List.of();
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    <T> T subscribe() {
                        throw new IllegalStateException();
                    }
                });
    }

    @ParameterizedTest
    @MethodSource
    void undecided(Object bean) {
        assertThatExceptionOfType(InvalidHandlerException.class)
                .isThrownBy(() -> discover(bean))
                .withMessageContaining(".subscribe()")
                .matches(refused -> refused.description().contains("returns")
                        && refused.action().contains("SubscribeReply.allow()"));
    }

    // ---- Subscribe: what denies

    abstract static class Deciding<R> {

        @OnSubscribe("chat:{x}")
        abstract R subscribe();
    }

    static Stream<Object> denying() {
        return Stream.of(
                new Deciding<Boolean>() {
                    @Override
                    Boolean subscribe() {
                        return false;
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    boolean subscribe() {
                        return false;
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    @Nullable
                    Boolean subscribe() {
                        return null;
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    SubscribeReply subscribe() {
                        return SubscribeReply.deny();
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    @Nullable
                    SubscribeReply subscribe() {
                        return null;
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    Mono<SubscribeReply> subscribe() {
                        return Mono.just(SubscribeReply.deny());
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    Mono<Boolean> subscribe() {
                        return Mono.empty();
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    CompletionStage<Boolean> subscribe() {
                        return CompletableFuture.completedFuture(false);
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    CompletableFuture<@Nullable SubscribeReply> subscribe() {
                        return CompletableFuture.completedFuture(null);
                    }
                });
    }

    @ParameterizedTest
    @MethodSource
    void denying(Object bean) {
        ChannelAuthorizer authorizer = discover(bean).authorizer();

        assertThat(authorizer).isNotNull();
        assertThatExceptionOfType(ClientRefusedException.class)
                .isThrownBy(() ->
                        authorizer.authorizeSubscribe(CLIENT, CHANNEL, null).block())
                .matches(refused -> ClientError.PERMISSION_DENIED.equals(refused.error()));
    }

    // ---- Subscribe: what permits

    static Stream<Object> permitting() {
        return Stream.of(
                new Deciding<Mono<Boolean>>() {
                    @Override
                    Mono<Boolean> subscribe() {
                        return Mono.just(true);
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    SubscribeReply subscribe() {
                        return SubscribeReply.allow();
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    SubscriptionGrant subscribe() {
                        return SubscriptionGrant.PLAIN;
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    CompletableFuture<SubscribeReply> subscribe() {
                        return CompletableFuture.completedFuture(SubscribeReply.allow());
                    }
                });
    }

    @ParameterizedTest
    @MethodSource
    void permitting(Object bean) {
        ChannelAuthorizer authorizer = discover(bean).authorizer();

        assertThat(authorizer).isNotNull();
        assertThat(authorizer.authorizeSubscribe(CLIENT, CHANNEL, null).block()).isEqualTo(SubscriptionGrant.PLAIN);
    }

    @Test
    void filterIsPartOfThePermission() {
        TagsFilter filter = TagsFilter.eq("team", "a");
        ChannelAuthorizer authorizer = discover(new Object() {
                    @OnSubscribe("chat:{x}")
                    SubscribeReply subscribe() {
                        return SubscribeReply.allow().withFilter(filter).withExpireAt(Instant.EPOCH);
                    }
                })
                .authorizer();

        assertThat(authorizer).isNotNull();
        assertThat(authorizer.authorizeSubscribe(CLIENT, CHANNEL, null).block())
                .isEqualTo(SubscriptionGrant.PLAIN.withFilter(filter).expiringAt(Instant.EPOCH, false));
    }

    static Stream<Object> feeding() {
        return Stream.of(
                new Object() {
                    @OnSubscribe("chat:{x}")
                    Flux<String> subscribe() {
                        return Flux.just("a", "b");
                    }
                },
                new Object() {
                    @OnSubscribe("chat:{x}")
                    java.util.concurrent.Flow.Publisher<String> subscribe() {
                        return JdkFlowAdapter.publisherToFlowPublisher(Flux.just("a", "b"));
                    }
                });
    }

    @ParameterizedTest
    @MethodSource
    void feeding(Object bean) {
        ChannelAuthorizer authorizer = discover(bean).authorizer();

        assertThat(authorizer).isNotNull();
        SubscriptionGrant grant =
                authorizer.authorizeSubscribe(CLIENT, CHANNEL, null).block();
        assertThat(grant).isNotNull();
        assertThat(Flux.from(grant.feed()).collectList().block())
                .containsExactly(Payload.ofText("a"), Payload.ofText("b"));
    }

    @Test
    void denialCarriesNothing() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> SubscribeReply.deny().withData("secret"));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> ConnectReply.user("ann").withSubscription("chat:x", SubscribeReply.deny()));
    }

    // ---- Publish

    static class Publishing {

        @OnPublish("allow")
        PublishReply allow() {
            return PublishReply.allow();
        }

        @OnPublish("deny")
        PublishReply deny() {
            return PublishReply.deny();
        }

        @OnPublish("false")
        boolean no() {
            return false;
        }

        @OnPublish("replace")
        Mono<PublishReply> replace() {
            return Mono.just(PublishReply.of("other"));
        }
    }

    private static @Nullable ClientPublication publish(String channel) {
        PublishHook hook = discover(new Publishing()).publishHook();
        assertThat(hook).isNotNull();
        return hook.publish(CLIENT, new Channel(channel, "", ChannelOptions.DEFAULTS), Payload.ofText("sent"))
                .block();
    }

    @Test
    void publishHandlersDecide() {
        assertThat(publish("allow")).isEqualTo(ClientPublication.of(Payload.ofText("sent")));
        assertThat(publish("replace")).isEqualTo(ClientPublication.of(Payload.ofText("other")));
        assertThatExceptionOfType(ClientRefusedException.class).isThrownBy(() -> publish("deny"));
        assertThatExceptionOfType(ClientRefusedException.class).isThrownBy(() -> publish("false"));
    }

    static Stream<Object> undecidedPublications() {
        return Stream.of(
                new Object() {
                    @OnPublish("chat:{x}")
                    void publish() {}
                },
                new Object() {
                    @OnPublish("chat:{x}")
                    String publish() {
                        return "instead";
                    }
                },
                new Object() {
                    @OnPublish("chat:{x}")
                    Optional<Boolean> publish() {
                        return Optional.empty();
                    }
                },
                new Object() {
                    @OnPublish("chat:{x}")
                    Mono<Map<String, String>> publish() {
                        return Mono.just(Map.of());
                    }
                });
    }

    @ParameterizedTest
    @MethodSource
    void undecidedPublications(Object bean) {
        assertThatExceptionOfType(InvalidHandlerException.class)
                .isThrownBy(() -> discover(bean))
                .matches(refused -> refused.description().contains("neither permits nor denies")
                        && refused.action().contains("PublishReply"));
    }

    // ---- Calls

    static Stream<Object> unfinished() {
        return Stream.of(
                new Object() {
                    @OnRpc
                    Future<String> call() {
                        return CompletableFuture.completedFuture("");
                    }
                },
                new Object() {
                    @OnRpc
                    Callable<String> call() {
                        return () -> "";
                    }
                },
                new Object() {
                    @OnRpc
                    Mono<Mono<String>> call() {
                        return Mono.empty();
                    }
                });
    }

    @ParameterizedTest
    @MethodSource
    void unfinished(Object bean) {
        assertThatExceptionOfType(InvalidHandlerException.class)
                .isThrownBy(() -> discover(bean))
                .withMessageContaining("whose value would never be awaited");
    }

    static class Hiding {

        @OnRpc
        Object hidden() {
            return Mono.just("later");
        }

        @OnRpc
        Object plain() {
            return "now";
        }
    }

    @Test
    void resultThatIsStillToComeIsNeverWrittenAsData() {
        var calls = discover(new Hiding()).rpcHandler(null);

        assertThat(calls).isNotNull();
        assertThat(calls.call(CLIENT, "plain", null).block()).isEqualTo(Payload.ofText("now"));
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> calls.call(CLIENT, "hidden", null).block())
                .withMessageContaining("its value would never be awaited");
    }
}
