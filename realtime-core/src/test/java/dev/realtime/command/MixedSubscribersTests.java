package dev.realtime.command;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.PublishOptions;
import dev.realtime.api.channel.DeltaType;
import dev.realtime.api.client.ProtocolType;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.delta.FossilPatches;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.protocol.ClientCodec;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.FilterNode;
import dev.realtime.protocol.Push;
import dev.realtime.protocol.Reply;
import dev.realtime.protocol.Request;
import dev.realtime.protocol.Result;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.spi.transport.WireForm;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * One channel whose subscribers have all publications, three different filters, differences or none, in both encodings:
 * each gets what it is due, in order and with the offsets of the stream.
 */
@ExtendWith(BufferLeaks.class)
class MixedSubscribersTests {

    private static final String CHANNEL = "news:a";

    private static final int PUBLICATIONS = 40;

    private static final JsonMapper MAPPER = new JsonMapper();

    private static final ClientCodec JSON = ClientCodec.of(ProtocolType.JSON);

    private static final ClientCodec PROTOBUF = ClientCodec.of(ProtocolType.PROTOBUF);

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .client(options -> options.recoveryMaxPublicationLimit(1000).pongTimeout(Duration.ofHours(1)))
            .namespace(
                    "news",
                    options -> options.subscribeAccess(ANYONE)
                            .history(keeping(1000, Duration.ofHours(1)))
                            .forceRecovery(true)
                            .allowedDeltaTypes(Set.of(DeltaType.FOSSIL))
                            .deltaPublish(true)
                            .allowTagsFilter(true))
            .start();

    /** What a subscriber asks for, and which numbers it is due. */
    private enum Kind {
        ALL(null, number -> true),
        DIFFERENCES(null, number -> true),
        ODD(compare("kind", "eq", "odd"), number -> number % 2 == 1),
        HIGH(compare("n", "gte", "20"), number -> number >= 20),
        NONE_OF_THEM(compare("n", "lt", "0"), number -> false);

        private final @Nullable FilterNode filter;

        private final IntPredicate due;

        Kind(@Nullable FilterNode filter, IntPredicate due) {
            this.filter = filter;
            this.due = due;
        }

        private static FilterNode compare(String key, String comparison, String value) {
            return new FilterNode("", key, comparison, value, List.of(), List.of());
        }
    }

    private final class Member {

        private final Kind kind;

        private final ClientCodec codec;

        private final ScriptedClient client;

        /** Number of the first publication that it can get. */
        private final int first;

        Member(Kind kind, ClientCodec codec, int first, boolean recovers) {
            this.kind = kind;
            this.codec = codec;
            this.first = recovers ? 1 : first;
            client = server.client(codec == JSON ? WireForm.JSON_WEBSOCKET : WireForm.PROTOBUF_WEBSOCKET, null);
            Request.Subscribe.Builder subscribe =
                    Request.Subscribe.builder(CHANNEL).tagsFilter(kind.filter);
            if (kind == Kind.DIFFERENCES) {
                subscribe.delta("fossil");
            }
            if (recovers) {
                subscribe.recover(true).epoch("e1").offset(0);
            }
            client.send(codec.encode(
                    new Command(1, new Request.Connect("", null, Map.of(), "", "", Map.of())),
                    new Command(2, subscribe.build())));
        }

        /** Offset and data of each publication, recovered ones first. */
        private List<String> received() {
            List<String> received = new ArrayList<>();
            byte[] base = new byte[0];
            for (byte[] message : client.takeBytes()) {
                for (Publication publication : publications(message)) {
                    byte[] data = publication.data().bytes();
                    if (kind == Kind.DIFFERENCES) {
                        byte[] sent = codec == JSON
                                ? MAPPER.readTree(data).stringValue().getBytes(StandardCharsets.UTF_8)
                                : data;
                        base = publication.delta() == Publication.Delta.PATCH ? FossilPatches.apply(base, sent) : sent;
                        data = base;
                    }
                    received.add(publication.offset() + " " + new String(data, StandardCharsets.UTF_8));
                }
            }
            return received;
        }

        private List<Publication> publications(byte[] message) {
            List<Publication> publications = new ArrayList<>();
            for (Object decoded : codec.decode(message)) {
                if (decoded instanceof Push.Pub push) {
                    publications.add(push.publication());
                } else if (decoded instanceof Reply.Success reply
                        && reply.result() instanceof Result.Subscribe subscribed) {
                    publications.addAll(subscribed.publications());
                }
            }
            return publications;
        }

        void assertThatItGotWhatItIsDue(int last) {
            List<String> expected = IntStream.rangeClosed(first, last)
                    .filter(kind.due)
                    .mapToObj(number -> number + " " + document(number))
                    .toList();
            assertThat(received())
                    .as("%s in %s from %s", kind, codec == JSON ? "JSON" : "Protobuf", first)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everySubscriberGetsWhatItIsDueInOrder(long seed) {
        Random random = new Random(seed);
        List<Member> members = new ArrayList<>();
        for (int number = 1; number <= PUBLICATIONS; number++) {
            if (number % 8 == 1) {
                for (Kind kind : Kind.values()) {
                    members.add(new Member(kind, JSON, number, random.nextBoolean()));
                    members.add(new Member(kind, PROTOBUF, number, random.nextBoolean()));
                }
            }
            publish(number);
            if (random.nextInt(3) == 0) {
                server.run();
            }
        }
        server.run();

        members.forEach(member -> member.assertThatItGotWhatItIsDue(PUBLICATIONS));
    }

    private static String document(int number) {
        return "{\"symbol\":\"ACME\",\"name\":\"Grüße 🌍\",\"currency\":\"EUR\",\"price\":" + number + "}";
    }

    private void publish(int number) {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("kind", number % 2 == 0 ? "even" : "odd");
        tags.put("n", String.valueOf(number));
        server.node()
                .publisher()
                .publish(CHANNEL, Payload.ofText(document(number)), PublishOptions.DEFAULTS.withTags(tags))
                .subscribe();
    }
}
