package dev.realtime.engine.redis.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Exclusion;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.broker.ScriptedReads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is kept and sent comes back as it was, and nothing else is taken for it. */
class PublicationFormatTests {

    private static final List<@Nullable Payload> PAYLOADS = new ArrayList<>(Arrays.asList(
            null, Payload.empty(), Payload.ofText("{}"), Payload.ofText("{\n\"a\":\"é😀\"}"), Payload.of(new byte[] {
                0, -1, 10
            })));

    private static final List<Map<String, String>> TAGS =
            List.of(Map.of(), Map.of("", ""), Map.of("k", "v", "ключ", "\u0000\r\n"), Map.of("😀", "x".repeat(300)));

    private static List<Publication> all() {
        List<@Nullable ClientInfo> infos = new ArrayList<>();
        infos.add(null);
        for (Payload connection : PAYLOADS) {
            for (Payload channel : PAYLOADS) {
                infos.add(new ClientInfo("user é", "client", connection, channel));
            }
        }
        infos.add(new ClientInfo("", "", null, null));
        List<Publication> all = new ArrayList<>();
        for (Payload data : PAYLOADS) {
            for (ClientInfo info : infos) {
                for (Map<String, String> tags : TAGS) {
                    if (data != null) {
                        Publication publication = new Publication(data, info, 7, tags);
                        all.add(publication);
                        all.add(publication.withVersion(1));
                        all.add(publication.withVersion(-1));
                        all.add(publication.withExclusion(Exclusion.NONE.andClient("client é")));
                        all.add(publication
                                .withVersion(1)
                                .withExclusion(new Exclusion(List.of("a", "b"), List.of("😀", "user"))));
                        all.add(publication.withDelta(Publication.Delta.ALLOWED));
                    }
                }
            }
        }
        return all;
    }

    @Test
    void publicationComesBackAsItWas() {
        for (Publication publication : all()) {
            byte[] bytes = PublicationFormat.write(publication);

            Publication read = PublicationFormat.read(bytes, 0, 7);

            assertThat(read).isEqualTo(publication);
            assertThat(read.data().isJson()).isEqualTo(publication.data().isJson());
            assertThat(read.data().hasLineBreaks()).isEqualTo(publication.data().hasLineBreaks());
        }
    }

    @Test
    void messageOfAChannelComesBackAsItWas() {
        ClientInfo info = new ClientInfo("42", "client", Payload.ofText("1"), null);
        Publication publication = Publication.of(Payload.ofText("1"));

        assertThat(ChannelMessage.read(ChannelMessage.joined(info), "")).isEqualTo(new ChannelMessage.Joined(info));
        assertThat(ChannelMessage.read(ChannelMessage.left(info), "")).isEqualTo(new ChannelMessage.Left(info));
        assertThat(ChannelMessage.read(ChannelMessage.withoutHistory(PublicationFormat.write(publication)), ""))
                .isEqualTo(new ChannelMessage.Published(publication, StreamPosition.NONE));
        assertThat(ChannelMessage.read(ScriptedReads.message("abc", 1234567890123L), "other"))
                .isEqualTo(new ChannelMessage.Published(
                        ScriptedReads.publication("abc", 1234567890123L), new StreamPosition(1234567890123L, "abc")));
    }

    @Test
    void epochThatIsExpectedIsNotCopied() {
        String expected = "abcdef";

        ChannelMessage message = ChannelMessage.read(ScriptedReads.message("abcdef", 1), expected);

        assertThat(((ChannelMessage.Published) message).position().epoch()).isSameAs(expected);
    }

    @Test
    void otherVersionsAndFlagsAreRefused() {
        assertThatThrownBy(() -> PublicationFormat.read(new byte[] {2, 1, '1'}, 0, 1))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("version 2");
        assertThatThrownBy(() -> PublicationFormat.read(new byte[] {1, (byte) 128, '1'}, 0, 1))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("flags");
    }

    @Test
    void brokenBytesAreReadOrRefusedButNeverFailOtherwise() {
        Random random = new Random(1);
        List<Publication> publications = all();
        int refused = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = PublicationFormat.write(publications.get(random.nextInt(publications.size())));
            byte[] broken = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            for (int changes = random.nextInt(4); changes > 0 && broken.length > 0; changes--) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
            }
            try {
                PublicationFormat.read(broken, 0, 1);
            } catch (UnreadableException e) {
                refused++;
            }
        }

        assertThat(refused).isGreaterThan(5_000);
    }
}
