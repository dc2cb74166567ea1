package dev.realtime.api.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.Payload;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which data may be published in a channel. */
class DataFormatTests {

    private static final Payload NONE = Payload.empty();

    private static final Payload BINARY = Payload.of(new byte[] {0, -1});

    private static final Payload OBJECT = Payload.ofText(" \t\r\n{\"a\":1}");

    private static final Payload ARRAY = Payload.ofText("[{}]");

    private static final Payload NULL = Payload.ofText("null");

    private static final Payload EMPTY_TEXT = Payload.ofText("\"\"");

    private static final Payload BROKEN = Payload.ofText("{");

    private static List<Payload> admitted(DataFormat format) {
        ChannelOptions options =
                ChannelOptions.builder().publicationDataFormat(format).build();
        return Stream.of(NONE, BINARY, OBJECT, ARRAY, NULL, EMPTY_TEXT, BROKEN)
                .filter(data -> options.publicationDataFormat().admits(data))
                .toList();
    }

    @Test
    void anyDataButNoneIsAdmittedByDefault() {
        assertThat(ChannelOptions.DEFAULTS.publicationDataFormat()).isEqualTo(DataFormat.ANY);
        assertThat(admitted(DataFormat.ANY)).containsExactly(BINARY, OBJECT, ARRAY, NULL, EMPTY_TEXT, BROKEN);
    }

    @Test
    void jsonAdmitsEveryJsonValue() {
        assertThat(admitted(DataFormat.JSON)).containsExactly(OBJECT, ARRAY, NULL, EMPTY_TEXT);
    }

    @Test
    void jsonObjectAdmitsObjectsOnly() {
        assertThat(admitted(DataFormat.JSON_OBJECT)).containsExactly(OBJECT);
    }

    @Test
    void binaryAdmitsEverything() {
        assertThat(admitted(DataFormat.BINARY)).containsExactly(NONE, BINARY, OBJECT, ARRAY, NULL, EMPTY_TEXT, BROKEN);
    }
}
