package dev.realtime.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.delta.DeltaPublications;
import dev.realtime.json.WireWriter;
import dev.realtime.protocol.Push;
import dev.realtime.spi.transport.WireForm;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Bytes of publications on the wire, with deltas and without. The table in the documentation is what is measured here;
 * with {@code -Ddocs.write=true} it is written again.
 */
class BandwidthTests {

    private static final Path PAGE = Path.of("..", "docs", "bandwidth.md");

    private static final int PUBLICATIONS = 1_000;

    private static final String BEGIN = "<!-- measured by BandwidthTests -->\n";

    private static final String END = "<!-- end -->";

    /** A feed of documents. */
    private record Feed(String name, Supplier<String> next) {}

    private final Random random = new Random(18);

    private int price = 20_000;

    private int volume = 1_000_000;

    private final int[] scores = new int[40];

    private List<Feed> feeds() {
        return List.of(
                new Feed("short ticker", this::shortTicker),
                new Feed("ticker", this::ticker),
                new Feed("document, one of 40 rows changes", this::table),
                new Feed("documents that have little in common", this::unrelated));
    }

    private void move() {
        price += random.nextInt(21) - 10;
        volume += random.nextInt(500);
    }

    private String shortTicker() {
        move();
        return String.format(Locale.ROOT, "{\"s\":\"ACME\",\"p\":%.2f,\"v\":%d}", price / 100.0, volume);
    }

    private String ticker() {
        move();
        return String.format(
                Locale.ROOT,
                "{\"symbol\":\"ACME\",\"exchange\":\"XETRA\",\"currency\":\"EUR\",\"status\":\"open\",\"last\":%.2f,"
                        + "\"bid\":{\"price\":%.2f,\"size\":%d},\"ask\":{\"price\":%.2f,\"size\":%d},\"open\":198.40,"
                        + "\"high\":205.12,\"low\":197.88,\"volume\":%d,\"time\":%d}",
                price / 100.0,
                (price - 2) / 100.0,
                100 + random.nextInt(900),
                (price + 3) / 100.0,
                100 + random.nextInt(900),
                volume,
                1_790_000_000_000L + volume);
    }

    private String table() {
        scores[random.nextInt(scores.length)] += random.nextInt(3) + 1;
        StringBuilder rows = new StringBuilder("{\"league\":\"first\",\"season\":2026,\"rows\":[");
        for (int i = 0; i < scores.length; i++) {
            rows.append(i == 0 ? "" : ",")
                    .append("{\"id\":")
                    .append(4_711 + 13 * i)
                    .append(",\"name\":\"Team number ")
                    .append(i)
                    .append("\",\"city\":\"Köln\",\"points\":")
                    .append(scores[i])
                    .append('}');
        }
        return rows.append("]}").toString();
    }

    private String unrelated() {
        StringBuilder text = new StringBuilder("{\"text\":\"");
        for (int i = 0; i < 200; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.append("\"}").toString();
    }

    /** Average bytes of a frame without deltas and with them. */
    private static long[] measure(List<String> documents, WireForm form) {
        DeltaChain chain = new DeltaChain(new DeltaChain.Budget(Long.MAX_VALUE));
        long without = 0;
        long with = 0;
        for (int i = 0; i < documents.size(); i++) {
            Publication publication =
                    Publication.of(Payload.ofText(documents.get(i))).at(i + 1).withDelta(Publication.Delta.ALLOWED);
            DeltaChain.Link link = chain.add(publication, new StreamPosition(i + 1, "e"));
            byte[] patch = link.patch();
            without += frameBytes(form, publication);
            with += frameBytes(
                    form,
                    patch == null
                            ? DeltaPublications.whole(form.codec().type(), publication)
                            : DeltaPublications.patched(form.codec().type(), publication, patch));
        }
        return new long[] {without / documents.size(), with / documents.size()};
    }

    private static int frameBytes(WireForm form, Publication publication) {
        WireWriter message = new WireWriter();
        form.body().writePush(new Push.Pub("market:acme", publication), message);
        ByteBuf frame = form.frame(message, UnpooledByteBufAllocator.DEFAULT);
        try {
            return frame.readableBytes();
        } finally {
            frame.release();
        }
    }

    private String table(List<Feed> feeds) {
        StringBuilder table =
                new StringBuilder("| feed | encoding | whole | with deltas | saved |\n|---|---|---|---|---|\n");
        for (Feed feed : feeds) {
            List<String> documents = new ArrayList<>();
            for (int i = 0; i < PUBLICATIONS; i++) {
                documents.add(feed.next().get());
            }
            table.append(row(feed, "JSON", measure(documents, WireForm.JSON_WEBSOCKET)));
            table.append(row(feed, "Protobuf", measure(documents, WireForm.PROTOBUF_WEBSOCKET)));
        }
        return table.toString();
    }

    private static String row(Feed feed, String encoding, long[] bytes) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %,d | %,d | %d %% |\n",
                feed.name(),
                encoding,
                bytes[0],
                bytes[1],
                Math.round(100 - 100.0 * bytes[1] / bytes[0]));
    }

    @Test
    void pageHasTheBytesThatAreMeasured() throws IOException {
        String table = table(feeds());
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);

        if (Boolean.getBoolean("docs.write")) {
            page = page.substring(0, begin) + '\n' + table + '\n' + page.substring(end);
            Files.writeString(PAGE, page);
        }

        assertThat(page)
                .as("docs/bandwidth.md is not what is measured. Write it again with -Ddocs.write=true")
                .contains(table);
    }
}
