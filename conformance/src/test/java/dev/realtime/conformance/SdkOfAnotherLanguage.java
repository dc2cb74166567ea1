package dev.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.centrifugal.centrifuge.SubscriptionOptions;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * An official SDK of another language at one of two nodes over a Redis Cluster, whose publications come from the other
 * one.
 */
@ExtendWith(TwoNodes.OverCluster.class)
abstract class SdkOfAnotherLanguage {

    private final TwoNodes nodes;

    SdkOfAnotherLanguage(TwoNodes nodes) {
        this.nodes = nodes;
    }

    /** The program that takes the arguments of {@link SdkProgram}. */
    abstract List<String> program();

    /** Starts the program at the first node, with these channels and their options. */
    SdkProgram subscribed(String encoding, String... channels) {
        return SdkProgram.subscribed(program(), nodes.url(0), encoding, channels);
    }

    /** Publishes documents at the second node, each with a tag that says whether its number is odd. */
    void publish(String channel, int from, int to) throws Exception {
        for (int number = from; number <= to; number++) {
            nodes.call(1, "publish", """
                    {"channel":"%s","data":%s,"tags":{"kind":"%s"}}""".formatted(channel, document(number), number % 2 == 0 ? "even" : "odd"));
        }
    }

    private static String document(int number) {
        return "{\"symbol\":\"ACME\",\"name\":\"Grüße 🌍🌎\",\"currency\":\"EUR\",\"open\":true,\"price\":" + number
                + "}";
    }

    /** Offsets and documents of a channel to which nothing else is published. */
    static List<String> documents(IntStream numbers) {
        return numbers.mapToObj(number -> number + " " + document(number)).toList();
    }

    static String unique(String namespace) {
        return namespace + ":" + UUID.randomUUID();
    }

    /** Has the server end the connections of the program in a way after which SDKs connect again. */
    void disconnect(SdkProgram program) throws Exception {
        nodes.call(1, "disconnect", """
                {"user":"%s","disconnect":{"code":4000,"reason":"moved"}}""".formatted(program.user));
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "protobuf"})
    void differencesAreWholeDataAfterEveryLoss(String encoding) throws Exception {
        String channel = unique("doc");
        JavaSdkClient java = new JavaSdkClient(nodes.url(1));
        java.connect();
        JavaSdkSubscription withoutDifferences = java.subscribe(channel, new SubscriptionOptions());
        withoutDifferences.subscribed.next();

        try (SdkProgram program = subscribed(encoding, channel + "+delta")) {
            publish(channel, 1, 5);
            program.hears(channel, 5);
            program.awaits("patch", 4);

            program.goOffline();
            publish(channel, 6, 10);
            program.comeBack();
            program.hears(channel, 10);

            disconnect(program);
            publish(channel, 11, 15);

            assertThat(program.hears(channel, 15)).isEqualTo(documents(IntStream.rangeClosed(1, 15)));
            assertThat(withoutDifferences.hears(15))
                    .isEqualTo(IntStream.rangeClosed(1, 15)
                            .mapToObj(SdkOfAnotherLanguage::document)
                            .toList());
            assertThat(recoveries(program.awaits("subscribed", 3))).containsExactly(false, true, true);
            assertThat(program.events("connecting"))
                    .extracting(event -> event.path("code").asInt())
                    .endsWith(4000);
        } finally {
            java.close();
        }
    }

    /** Whether each time a program subscribed, it recovered. */
    static List<Boolean> recoveries(List<JsonNode> subscribed) {
        return subscribed.stream()
                .map(event -> event.path("recovered").asBoolean(false))
                .toList();
    }
}
