package dev.realtime.connection;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.DataFormat;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.ProtocolType;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.protocol.ClientCodec;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.Push;
import dev.realtime.protocol.Reply;
import dev.realtime.protocol.Request;
import dev.realtime.protocol.Result;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.spi.transport.WireForm;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The main path of a client that speaks Protobuf, alone and beside one that speaks JSON. */
@ExtendWith(BufferLeaks.class)
class ProtobufConnectionTests {

    private static final byte[] NO_JSON = {1, 2, 3};

    private final ClientCodec codec = ClientCodec.of(ProtocolType.PROTOBUF);

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .namespace(
                    "news",
                    options -> options.subscribeAccess(ANYONE)
                            .publishAccess(ANYONE)
                            .publicationDataFormat(DataFormat.BINARY)
                            .presence(true)
                            .presenceAccess(ANYONE)
                            .history(keeping(10))
                            .historyAccess(ANYONE)
                            .forceRecovery(true))
            .start();

    private final ScriptedClient client = server.client(WireForm.PROTOBUF_WEBSOCKET, null);

    private List<Object> ask(Command... commands) {
        client.send(codec.encode(commands));
        return received();
    }

    private List<Object> received() {
        return client.takeBytes().stream()
                .flatMap(message -> codec.decode(message).stream())
                .toList();
    }

    private static Command connect() {
        return new Command(1, new Request.Connect("", null, Map.of(), "", "", Map.of()));
    }

    private static Command subscribe(String channel) {
        return new Command(2, Request.Subscribe.to(channel));
    }

    private static Result.Subscribe opened(long offset) {
        return new Result.Subscribe(false, 0, true, "e1", List.of(), false, offset, true, null, false, false, 0, 0);
    }

    @Test
    void commandsAreAnsweredInProtobuf() {
        assertThat(ask(connect(), subscribe("news:a"), new Command(3, new Request.Rpc("x", null))))
                .containsExactly(
                        new Reply.Success(
                                1,
                                new Result.Connect(client.id(), "test", false, 0, null, Map.of(), 25, true, "", "", 0)),
                        new Reply.Success(2, opened(0)),
                        new Reply.Failure(3, ClientError.NOT_AVAILABLE));
    }

    @Test
    void publicationsReachSubscribersOfBothEncodings() {
        ask(connect(), subscribe("news:a"));
        ScriptedClient json = server.client().connected().subscribed("news:a");

        assertThat(ask(new Command(3, new Request.Publish("news:a", Payload.ofText("{\"a\":1.50}")))))
                .hasSize(2)
                .contains(new Reply.Success(3, new Result.Publish()))
                .anySatisfy(message -> {
                    assertThat(message).isInstanceOf(Push.Pub.class);
                    Publication publication = ((Push.Pub) message).publication();
                    assertThat(publication.data()).isEqualTo(Payload.ofText("{\"a\":1.50}"));
                    assertThat(publication.offset()).isEqualTo(1);
                });
        assertThat(json.heard())
                .containsExactly("{'push':{'channel':'news:a','pub':{'data':{'a':1.50},"
                        + "'info':{'user':'','client':'#1'},'offset':1}}}");
    }

    @Test
    void dataThatIsNotJsonReachesProtobufClientsAndEndsJsonOnes() {
        ask(connect(), subscribe("news:a"));
        ScriptedClient json = server.client().connected().subscribed("news:a");
        ScriptedClient elsewhere = server.client().connected().subscribed("news:b");

        server.await(server.node().publisher().publish("news:a", NO_JSON));

        assertThat(received())
                .containsExactly(new Push.Pub(
                        "news:a", Publication.of(Payload.of(NO_JSON)).at(1)));
        assertThat(json.heard()).isEmpty();
        assertThat(json.closedWith()).isEqualTo(Disconnect.INAPPROPRIATE_PROTOCOL);
        assertThat(client.closedWith()).isNull();
        assertThat(elsewhere.closedWith()).isNull();
    }

    @Test
    void publicationWithoutDataReachesClientsOfBothEncodingsLiveAndRecovered() {
        ask(connect(), subscribe("news:a"));
        ScriptedClient json = server.client().connected().subscribed("news:a");

        server.await(server.node().publisher().publish("news:a", new byte[0]));

        assertThat(received())
                .containsExactly(
                        new Push.Pub("news:a", Publication.of(Payload.empty()).at(1)));
        assertThat(json.heard()).containsExactly("{'push':{'channel':'news:a','pub':{'offset':1}}}");
        assertThat(server.client().connected().ask("{'id':2,'subscribe':{'channel':'news:a','recover':true}}"))
                .singleElement()
                .asString()
                .contains("'publications':[{'offset':1}]");
    }

    @Test
    void missedPublicationsAreRecovered() {
        server.publish("news:a", 1);
        server.await(server.node().publisher().publish("news:a", NO_JSON));

        assertThat(ask(
                        connect(),
                        new Command(
                                2,
                                Request.Subscribe.builder("news:a")
                                        .recoverSince(new StreamPosition(1, "e1"))
                                        .build())))
                .last()
                .isEqualTo(new Reply.Success(
                        2,
                        new Result.Subscribe(
                                false,
                                0,
                                true,
                                "e1",
                                List.of(Publication.of(Payload.of(NO_JSON)).at(2)),
                                true,
                                1,
                                true,
                                null,
                                true,
                                false,
                                0,
                                0)));
    }

    @Test
    void historyAndPresenceAreAnswered() {
        ask(connect(), subscribe("news:a"));
        server.publish("news:a", 1);
        received();

        assertThat(ask(
                        new Command(3, new Request.History("news:a", 5, null, false)),
                        new Command(4, new Request.PresenceStats("news:a"))))
                .containsExactly(
                        new Reply.Success(
                                3,
                                new Result.History(
                                        List.of(Publication.of(Payload.ofText("\"1\""))
                                                .at(1)),
                                        new StreamPosition(1, "e1"))),
                        new Reply.Success(4, new Result.PresenceStats(1, 1)));
    }

    @Test
    void pingIsAnsweredWithAPong() {
        ask(connect());
        server.passSeconds(19);

        assertThat(received()).containsExactly(new ClientCodec.Ping());
        assertThat(ask(new Command(0, null))).isEmpty();
        server.passSeconds(9);
        assertThat(client.closedWith()).isNull();
    }

    @Test
    void malformedFrameIsABadRequest() {
        client.send(new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F});

        assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
    }

    @Test
    void firstProtobufClientThatComesAfterTheEncodingGetsItsOwnFrame() {
        ScriptedClient json = server.client().connected().subscribed("news:a");
        ask(connect());

        server.node().publisher().publish("news:a", 1).block();
        client.send(codec.encode(new Command(
                2,
                Request.Subscribe.builder("news:a")
                        .recoverSince(new StreamPosition(0, "e1"))
                        .build())));
        server.publish("news:a", 2);

        assertThat(received())
                .last()
                .isEqualTo(new Push.Pub(
                        "news:a", Publication.of(Payload.ofText("\"2\"")).at(2)));
        assertThat(json.heard()).hasSize(2);
    }
}
