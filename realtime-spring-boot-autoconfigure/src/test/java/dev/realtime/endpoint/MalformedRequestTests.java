package dev.realtime.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.endpoint.ApiServer.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are no requests, too large or too slow: refused immediately, in bounded memory. */
@OnEachStack
class MalformedRequestTests {

    private static final Answer BAD_REQUEST = Answer.refusal(400, "Bad Request");

    private static final Answer DONE = Answer.json("{\"result\":{}}");

    private final ApiServer server;

    MalformedRequestTests(ApiServer server) {
        this.server = server;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "1",
                "\"\"",
                "true",
                "nul",
                "nullnull",
                "not JSON",
                "{",
                "{\"channel\"",
                "{\"channel\":",
                "{\"channel\":\"plain:x\",}",
                "{\"channel\":\"plain:x\" \"data\":1}",
                "{channel:1}",
                "{'channel':1}",
                "{} {}",
                "{}]",
                "{\"data\":01}",
                "{\"data\":1.}",
                "{\"data\":NaN}",
                "{\"data\":\"\\x\"}",
                "{\"data\":[1 2]}",
                "\uFEFF{}"
            })
    void whatIsNoJsonObjectIsRefused(String body) {
        assertThat(server.call("publish", body)).isEqualTo(BAD_REQUEST);
        assertThat(server.call("info", body)).isEqualTo(BAD_REQUEST);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            publish   | {"channel":1}
            publish   | {"channel":["plain:x"]}
            publish   | {"tags":[]}
            publish   | {"tags":{"a":1}}
            publish   | {"b64data":1}
            publish   | {"skip_history":"true"}
            publish   | {"version":"1"}
            publish   | {"version":-1}
            publish   | {"version":1.0}
            publish   | {"version":18446744073709551616}
            publish   | {"version":1e400}
            publish   | {"version":111111111111111111111111111111111111111111111111111111111}
            broadcast | {"channels":"plain:x"}
            broadcast | {"channels":[1]}
            history   | {"limit":2147483648}
            history   | {"limit":"1"}
            history   | {"since":1}
            history   | {"since":{"offset":-1}}
            history   | {"since":{"epoch":1}}
            subscribe | {"override":{"presence":true}}
            subscribe | {"expire_at":9223372036854775808}
            subscribe | {"recover_since":[]}
            disconnect| {"whitelist":"a"}
            disconnect| {"disconnect":3000}
            disconnect| {"disconnect":{"code":4294967296}}
            refresh   | {"expired":1}
            channels  | {"pattern":{}}
            rpc       | {"method":{}}
            batch     | {"parallel":1}
            """)
    void valuesOfAnotherTypeAreRefused(String method, String body) {
        assertThat(server.call(method, body)).isEqualTo(BAD_REQUEST);
    }

    @Test
    void unknownFieldsAreIgnored() {
        assertThat(server.call(
                        "publish",
                        "{\"x\":{\"channel\":1},\"channel\":\"plain:x\",\"" + "n".repeat(1000)
                                + "\":[],\"data\":1,\"y\":1e400}"))
                .isEqualTo(DONE);
        assertThat(server.call("info", "{\"x\":1}").status()).isEqualTo(200);
    }

    @Test
    void ofAFieldThatComesTwiceTheLastOneCounts() {
        server.call("publish", "{\"channel\":\"nowhere:x\",\"data\":1,\"channel\":\"kept:twice\",\"data\":2}");

        assertThat(server.call("history", "{\"channel\":\"kept:twice\",\"limit\":-1}")
                        .body())
                .contains("[{\"data\":2,\"offset\":1}]");
    }

    @Test
    void nullStandsForAnAbsentValue() {
        assertThat(server.call(
                        "publish",
                        "{\"channel\":\"plain:x\",\"data\":1,\"b64data\":null,"
                                + "\"tags\":null,\"version\":null,\"delta\":null}"))
                .isEqualTo(DONE);
    }

    @ParameterizedTest
    @CsvSource({"63,200", "64,200", "65,400", "100000,400"})
    void dataIsNestedOnlySoDeep(int depth, int status) {
        String data = "[".repeat(depth) + "]".repeat(depth);

        assertThat(server.call("publish", "{\"channel\":\"plain:x\",\"data\":" + data + "}")
                        .status())
                .isEqualTo(status);
    }

    @Test
    void invalidUtf8IsRefused() {
        byte[] body = "{\"channel\":\"plain:x\",\"data\":\"?\"}".getBytes(StandardCharsets.US_ASCII);
        body[body.length - 3] = (byte) 0xff;

        assertThat(server.send(server.request("/api/publish")
                        .header("X-API-Key", ApiServer.KEY)
                        .POST(BodyPublishers.ofByteArray(body))
                        .build()))
                .isEqualTo(BAD_REQUEST);
    }

    @Test
    void largestBodyIsAnsweredAndOneMoreByteRefused() {
        assertThat(server.call("publish", body(1024 * 1024))).isEqualTo(DONE);
        assertThat(server.call("publish", body(1024 * 1024 + 1))).isEqualTo(Answer.refusal(413, "Content Too Large"));
    }

    private static String body(int length) {
        String frame = "{\"channel\":\"plain:x\",\"data\":\"\"}";
        return frame.replace("\"\"", "\"" + "x".repeat(length - frame.length()) + "\"");
    }

    /** Sent in chunks, so that its length is unknown before it has arrived. */
    @Test
    void bodyOfTenMegabytesWithoutALengthIsRefusedOnTheWay() throws IOException {
        try (Socket socket = connect("Transfer-Encoding: chunked")) {
            byte[] chunk = new byte[64 * 1024];
            Arrays.fill(chunk, (byte) ' ');
            String answer = "";
            OutputStream out = socket.getOutputStream();
            for (int sent = 0; sent < 160 && answer.isEmpty(); sent++) {
                try {
                    out.write("10000\r\n".getBytes(StandardCharsets.US_ASCII));
                    out.write(chunk);
                    out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException closedAlready) {
                    break;
                }
            }
            answer = answer(socket);

            assertThat(answer).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void tenMegabytesThatAreAnnouncedAreRefusedBeforeTheyAreSent() throws IOException {
        try (Socket socket = connect("Content-Length: 10485760")) {
            assertThat(answer(socket)).startsWith("HTTP/1.1 413 ").containsIgnoringCase("connection: close");
        }
    }

    @Test
    void bodyThatDoesNotArriveInTimeIsRefused() throws IOException {
        try (ApiServer impatient = server.another("realtime.http-api.read-timeout=200ms");
                Socket socket = connect(impatient, "Content-Length: 100")) {
            socket.getOutputStream().write('{');

            assertThat(answer(socket)).startsWith("HTTP/1.1 408 ").containsIgnoringCase("connection: close");
        }
    }

    private Socket connect(String header) throws IOException {
        return connect(server, header);
    }

    private static Socket connect(ApiServer server, String header) throws IOException {
        Socket socket = new Socket("localhost", server.port());
        socket.setSoTimeout((int) Duration.ofSeconds(10).toMillis());
        socket.getOutputStream()
                .write(("POST /api/publish HTTP/1.1\r\nHost: localhost\r\nX-API-Key: " + ApiServer.KEY + "\r\n" + header
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Everything until the server closes. */
    private static String answer(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
}
