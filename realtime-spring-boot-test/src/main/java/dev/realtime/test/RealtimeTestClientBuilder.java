package dev.realtime.test;

import dev.realtime.api.client.ProtocolType;
import dev.realtime.test.conversation.DataReader;
import dev.realtime.test.protocol.ClientCodec;
import dev.realtime.test.socket.Connector;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Settings of a client that is about to connect. Not thread-safe. */
public final class RealtimeTestClientBuilder {

    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(5);

    private final Connector connector;

    private DataReader reader;

    private Consumer<RealtimeTestClient> opened = client -> {};

    private Consumer<String> beforeName = name -> {};

    private @Nullable String name;

    private String defaultName = "client";

    private ProtocolType protocol = ProtocolType.JSON;

    private @Nullable Principal principal;

    private final Map<String, List<String>> headers = new LinkedHashMap<>();

    private final Map<String, String> emulatedHeaders = new LinkedHashMap<>();

    private Supplier<String> token = () -> "";

    private @Nullable Object data;

    private Duration timeout = REPLY_TIMEOUT;

    RealtimeTestClientBuilder(Connector connector, DataReader reader) {
        this.connector = connector;
        this.reader = reader;
    }

    /** Notifies the owner of clients: of a name before it is used, and of each client. */
    RealtimeTestClientBuilder ownedBy(
            String defaultName, Consumer<String> beforeName, Consumer<RealtimeTestClient> opened) {
        this.defaultName = defaultName;
        this.beforeName = beforeName;
        this.opened = opened;
        return this;
    }

    /** Names the client in transcripts and messages; by default its user, or {@code client-1} and so on. */
    public RealtimeTestClientBuilder named(String name) {
        this.name = name;
        return this;
    }

    /**
     * Connects with a principal, as if the HTTP request had been authenticated as it.
     *
     * @param principal for instance an {@code Authentication} of Spring Security; {@code null} for none
     */
    public RealtimeTestClientBuilder principal(@Nullable Principal principal) {
        this.principal = principal;
        return this;
    }

    /**
     * Connects as a user, as if the HTTP request had been authenticated as it.
     *
     * @param user name of the user
     * @param roles without the prefix {@code ROLE_}; any need Spring Security on the class path
     */
    public RealtimeTestClientBuilder user(String user, String... roles) {
        return principal(CurrentUser.of(user, roles));
    }

    /** Connects without a principal, also where the test has a user such as that of {@code @WithMockUser}. */
    public RealtimeTestClientBuilder anonymous() {
        return principal(null);
    }

    /** Connects with a connection token. */
    public RealtimeTestClientBuilder token(String token) {
        return token(() -> token);
    }

    /** Connects with a connection token, asked for again by each reconnect. */
    public RealtimeTestClientBuilder token(Supplier<String> token) {
        this.token = token;
        return this;
    }

    /** Adds a header to the HTTP request. */
    public RealtimeTestClientBuilder header(String name, String value) {
        headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), key -> new ArrayList<>(1))
                .add(value);
        return this;
    }

    /** Adds an emulated header, which browsers send inside the connect command. */
    public RealtimeTestClientBuilder emulatedHeader(String name, String value) {
        emulatedHeaders.put(name, value);
        return this;
    }

    /** Sends data with the connect command: an object, or bytes as they are. */
    public RealtimeTestClientBuilder data(Object data) {
        this.data = data;
        return this;
    }

    /** Speaks Protobuf instead of JSON. */
    public RealtimeTestClientBuilder protobuf() {
        this.protocol = ProtocolType.PROTOBUF;
        return this;
    }

    /** Waits so long, in real time, for what is expected; 5 s by default, and never less for replies to commands. */
    public RealtimeTestClientBuilder timeout(Duration timeout) {
        this.timeout = timeout;
        return this;
    }

    /** Binds data with this mapper; by default the application's, for a live server that of Jackson. */
    public RealtimeTestClientBuilder mapper(JsonMapper mapper) {
        this.reader = new DataReader(() -> mapper);
        return this;
    }

    /**
     * Connects and expects to be accepted.
     *
     * @throws AssertionError if the server refuses the client
     */
    public RealtimeTestClient connect() {
        return tryConnect().expectConnected();
    }

    /** Connects; the test says with {@code expectConnectError} or {@code expectDisconnect} what becomes of it. */
    public RealtimeTestClient tryConnect() {
        if (name != null) {
            beforeName.accept(name);
        }
        RealtimeTestClient client = new RealtimeTestClient(this, connector, reader);
        opened.accept(client);
        return client.open();
    }

    String name() {
        return name != null ? name : principal != null ? principal.getName() : defaultName;
    }

    String describe(Connector connector) {
        return "client '" + name() + "' (" + (protocol == ProtocolType.JSON ? "JSON" : "Protobuf") + ", "
                + connector.describe() + ")";
    }

    ProtocolType protocol() {
        return protocol;
    }

    ClientCodec codec() {
        return ClientCodec.of(protocol);
    }

    @Nullable
    Principal principal() {
        return principal;
    }

    Map<String, List<String>> requestHeaders() {
        return headers;
    }

    Duration timeout() {
        return timeout;
    }

    Duration replyTimeout() {
        return timeout.compareTo(REPLY_TIMEOUT) < 0 ? REPLY_TIMEOUT : timeout;
    }

    ObjectNode connectCommand() {
        ObjectNode command = JsonNodeFactory.instance.objectNode();
        String proof = token.get();
        if (!proof.isEmpty()) {
            command.put("token", proof);
        }
        if (data != null) {
            command.set("data", reader.write(data));
        }
        command.put("name", "test");
        emulatedHeaders.forEach((header, value) -> command.withObject("headers").put(header, value));
        return command;
    }
}
