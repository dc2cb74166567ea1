package dev.realtime.web.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.StreamPosition;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.protocol.Request;
import dev.realtime.spi.transport.WireBody;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids of events, and what a connect request becomes with one. */
class EventIdsTests {

    @Test
    void idHoldsThePositions() {
        Map<String, StreamPosition> positions = new LinkedHashMap<>();
        positions.put("news", new StreamPosition(7, "abc"));
        positions.put("a:b,c", new StreamPosition(-1, "x:y"));

        assertThat(EventIds.of(positions)).isEqualTo("7:abc:news,18446744073709551615:x%3Ay:a%3Ab%2Cc");
        assertThat(EventIds.of(Map.of())).isEmpty();
    }

    @Test
    void tooManyPositionsMakeNoId() {
        Map<String, StreamPosition> positions = new LinkedHashMap<>();
        IntStream.range(0, 1000).forEach(i -> positions.put("channel" + i, new StreamPosition(i, "e")));

        assertThat(EventIds.of(positions)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", " { } ", "null", "{\"subs\":{\"other\":{}}}", "{\"subs\":{\"news\":{}},\"token\":\"t\"}\n"
            })
    void positionsReplaceThoseOfTheRequest(String input) throws Exception {
        Request.Connect connect = resumed(input, "7:abc:news");

        assertThat(connect.subs().get("news").recover()).isTrue();
        assertThat(connect.subs().get("news").offset()).isEqualTo(7);
        assertThat(connect.subs().get("news").epoch()).isEqualTo("abc");
        assertThat(connect.token()).isEqualTo(input.contains("token") ? "t" : "");
        assertThat(connect.subs().containsKey("other")).isEqualTo(input.contains("other"));
    }

    @Test
    void positionsOfTheRequestRemainWhereTheIdHasNone() throws Exception {
        Request.Connect connect =
                resumed("{\"subs\":{\"other\":{\"recover\":true,\"offset\":3,\"epoch\":\"q\"}}}", "7:abc:news");

        assertThat(connect.subs().get("other").recover()).isTrue();
        assertThat(connect.subs().get("other").offset()).isEqualTo(3);
        assertThat(connect.subs().get("other").epoch()).isEqualTo("q");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "42", "7:abc", "x:abc:news", "-1:abc:news", "7:abc:news,", "7:%zz:news", "7:abc:unknown"})
    void otherIdsAreIgnored(String id) {
        byte[] input = "{\"subs\":{\"news\":{}}}".getBytes(StandardCharsets.UTF_8);

        assertThat(EventIds.resume(input, id, channel -> !channel.equals("unknown"), ProtocolLimits.DEFAULTS))
                .isSameAs(input);
        assertThat(EventIds.resume(input, null, channel -> true, ProtocolLimits.DEFAULTS))
                .isSameAs(input);
    }

    @Test
    void longIdIsIgnored() {
        byte[] input = "{}".getBytes(StandardCharsets.UTF_8);
        String id = String.join(",", Collections.nCopies(1000, "7:abc:news"));

        assertThat(EventIds.resume(input, id, channel -> true, ProtocolLimits.DEFAULTS))
                .isSameAs(input);
    }

    private static Request.Connect resumed(String input, String id) throws Exception {
        byte[] resumed =
                EventIds.resume(input.getBytes(StandardCharsets.UTF_8), id, channel -> true, ProtocolLimits.DEFAULTS);
        return (Request.Connect)
                WireBody.JSON_PUSH.read(resumed, ProtocolLimits.DEFAULTS).next().request();
    }
}
