package dev.realtime.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.data.Payload;
import dev.realtime.autoconfigure.RealtimeFacets;
import dev.realtime.handler.OnPublish;
import dev.realtime.handler.OnSubscribe;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.auth.SubscriptionGrant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Mono;

/** Of all that could say what a client may do, one does: the lists of the page about authorization. */
class PermissionOrderTests {

    /** A decision of a handler method or an authorizer. */
    private enum Decision {
        ALLOWS,
        DENIES,
        PASSES,
        FAILS;

        /** What the words say after a name, such as {@code denies} for {@code handler:denies}. */
        static @Nullable Decision of(String name, List<String> words) {
            return words.stream()
                    .filter(word -> word.startsWith(name + ":"))
                    .map(word -> valueOf(word.substring(name.length() + 1).toUpperCase()))
                    .findFirst()
                    .orElse(null);
        }

        <T> Mono<T> about(T permission, Mono<T> denial) {
            return switch (this) {
                case ALLOWS -> Mono.just(permission);
                case DENIES -> denial;
                case PASSES -> Mono.empty();
                case FAILS -> Mono.error(new IllegalStateException("a defect"));
            };
        }
    }

    static class Handlers {

        private final Decision decision;

        Handlers(Decision decision) {
            this.decision = decision;
        }

        @OnSubscribe("chat:{room}")
        Mono<Boolean> subscribe() {
            return decision.about(true, Mono.just(false));
        }

        @OnPublish("chat:{room}")
        Mono<Boolean> publish() {
            return decision.about(true, Mono.just(false));
        }
    }

    private record Authorizer(Decision decision) implements ChannelAuthorizer {

        @Override
        public Mono<SubscriptionGrant> authorizeSubscribe(
                ClientIdentity client, Channel channel, @Nullable Payload data) {
            return decision.about(
                    SubscriptionGrant.PLAIN,
                    Mono.error(ClientRefusedException.with(ClientError.PERMISSION_DENIED, "no")));
        }

        @Override
        public Mono<Boolean> authorizePublish(ClientIdentity client, Channel channel, Payload data) {
            return decision.about(true, Mono.just(false));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # application has                          | ann subscribes to         | and is
            insecure option                            | 'chat:x','token':'any'    | refused with 103
            insecure handler:denies authorizer:denies  | 'chat:x'                  | allowed
            insecure handler:denies                    | '$chat:x'                 | allowed
            handler:allows authorizer:allows option    | '$chat:x'                 | refused with 103
            handler:denies authorizer:denies           | 'chat:x#ann'              | allowed
            handler:allows authorizer:allows option    | 'chat:x#bob'              | refused with 103
            handler:allows authorizer:denies           | 'chat:x'                  | allowed
            handler:denies authorizer:allows option    | 'chat:x'                  | refused with 103
            handler:fails authorizer:allows option     | 'chat:x'                  | refused with 100
            authorizer:allows                          | 'chat:x'                  | allowed
            authorizer:denies option                   | 'chat:x'                  | refused with 103
            authorizer:fails option                    | 'chat:x'                  | refused with 100
            authorizer:passes option                   | 'chat:x'                  | allowed
            authorizer:passes                          | 'chat:x'                  | refused with 103
            option                                     | 'chat:x'                  | allowed
            nothing                                    | 'chat:x'                  | refused with 103
            """, quoteCharacter = '"')
    void firstOfTheListSaysWhetherAClientMaySubscribe(String application, String channel, String outcome) {
        run(application, "{'id':2,'subscribe':{'channel':" + channel + "}}", outcome);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # application has                          | ann publishes and is
            insecure handler:denies                    | refused with 103
            handler:allows authorizer:denies           | allowed
            handler:fails authorizer:allows option     | refused with 100
            insecure authorizer:denies                 | allowed
            authorizer:allows                          | allowed
            authorizer:denies option                   | refused with 103
            authorizer:fails option                    | refused with 100
            authorizer:passes option                   | allowed
            option                                     | allowed
            nothing                                    | refused with 103
            """)
    void firstOfTheListSaysWhetherAClientMayPublish(String application, String outcome) {
        run(application, "{'id':2,'publish':{'channel':'chat:x','data':1}}", outcome);
    }

    private static void run(String application, String command, String outcome) {
        List<String> parts = Arrays.asList(application.split(" "));
        ApplicationContextRunner runner = new ApplicationContextRunner()
                .withConfiguration(RealtimeFacets.with())
                .withPropertyValues(
                        "realtime.client.insecure=" + parts.contains("insecure"),
                        "realtime.channel.namespaces.chat.allow-user-limited-channels=true",
                        "realtime.channel.namespaces.chat.allow-subscribe-for-client=" + parts.contains("option"),
                        "realtime.channel.namespaces.chat.allow-publish-for-client=" + parts.contains("option"));
        Decision handler = Decision.of("handler", parts);
        if (handler != null) {
            runner = runner.withBean(Handlers.class, () -> new Handlers(handler));
        }
        Decision authorizer = Decision.of("authorizer", parts);
        if (authorizer != null) {
            runner = runner.withBean(ChannelAuthorizer.class, () -> new Authorizer(authorizer));
        }

        runner.run(context -> {
            try (NodeClient ann = new NodeClient(context, () -> "ann")) {
                assertThat(ann.ask("{'id':1,'connect':{}}")).contains("'client':");
                assertThat(ann.ask(command))
                        .contains(
                                outcome.equals("allowed")
                                        ? "'id':2,"
                                        : "'error':{'code':" + outcome.substring("refused with ".length()))
                        .matches(reply -> reply.contains("'error'") != outcome.equals("allowed"));
            }
        });
    }
}
