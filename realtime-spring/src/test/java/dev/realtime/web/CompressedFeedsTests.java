package dev.realtime.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.json.WireWriter;
import dev.realtime.protocol.Push;
import dev.realtime.spi.transport.WireForm;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Bytes of publications on the wire, compressed and not. The table on the page of transports is what is measured here;
 * with {@code -Ddocs.write=true} it is written again.
 */
class CompressedFeedsTests {

    private static final Path PAGE = Path.of("..", "docs", "transports.md");

    private static final String BEGIN = "<!-- measured by CompressedFeedsTests -->\n";

    private static final String END = "\n<!-- end -->";

    private static final int PUBLICATIONS = 200;

    private final MessageCompression compression = new MessageCompression(0);

    private final Random random = new Random(18);

    private int price = 20_000;

    private int volume = 1_000_000;

    private final int[] points = new int[40];

    @AfterEach
    void forget() {
        compression.forget();
    }

    /** Bytes of a frame on average; other versions of zlib may need a few more or less. */
    private record Row(String feed, long plain, long compressed) {

        static Row parse(String line) {
            String[] cells = line.split("\\|");
            return new Row(cells[1].strip(), number(cells[2]), number(cells[3]));
        }

        private static long number(String cell) {
            return Long.parseLong(cell.strip().replace(",", ""));
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "| %s | %,d | %,d | %d %% |",
                    feed,
                    plain,
                    compressed,
                    Math.round(100 - 100.0 * compressed / plain));
        }
    }

    @Test
    void pageHasTheBytesThatAreMeasured() throws IOException {
        List<Row> measured = new ArrayList<>();
        measure("ticker of three fields", this::shortTicker, measured);
        measure("ticker of twelve fields", this::ticker, measured);
        measure("document of 40 rows", this::table, measured);
        measure("random letters", this::letters, measured);

        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END, begin);
        if (Boolean.getBoolean("docs.write")) {
            StringBuilder table = new StringBuilder("\n| feed | bytes | compressed | saved |\n|---|---|---|---|\n");
            measured.forEach(row -> table.append(row).append('\n'));
            page = page.substring(0, begin) + table + page.substring(end);
            Files.writeString(PAGE, page);
            end = begin + table.length();
        }

        List<Row> written = page.substring(begin, end)
                .lines()
                .filter(line -> line.startsWith("|"))
                .skip(2)
                .map(Row::parse)
                .toList();
        assertThat(written).as("rows in %s", PAGE).hasSameSizeAs(measured);
        for (int i = 0; i < measured.size(); i++) {
            Row row = measured.get(i);
            assertThat(written.get(i).feed()).isEqualTo(row.feed());
            assertThat(written.get(i).plain()).isEqualTo(row.plain());
            assertThat(written.get(i).compressed())
                    .as("%s; write it again with -Ddocs.write=true", row)
                    .isCloseTo(row.compressed(), within(row.compressed() / 20 + 1));
        }
    }

    private void measure(String feed, Supplier<String> next, List<Row> rows) {
        List<String> documents = new ArrayList<>();
        for (int i = 0; i < PUBLICATIONS; i++) {
            documents.add(next.get());
        }
        rows.add(row(feed + ", JSON", documents, WireForm.JSON_WEBSOCKET));
        rows.add(row(feed + ", Protobuf", documents, WireForm.PROTOBUF_WEBSOCKET));
    }

    private Row row(String feed, List<String> documents, WireForm form) {
        long plain = 0;
        long compressed = 0;
        for (String document : documents) {
            WireWriter message = new WireWriter();
            Publication publication = Publication.of(Payload.ofText(document));
            form.body().writePush(new Push.Pub("market:acme", publication), message);
            ByteBuf frame = form.frame(message, ByteBufAllocator.DEFAULT);
            plain += frame.readableBytes();
            ByteBuf shared = compression.compress(frame, GlobalEventExecutor.INSTANCE);
            compressed += shared.readableBytes();
            shared.release();
        }
        return new Row(feed, plain / documents.size(), compressed / documents.size());
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
        points[random.nextInt(points.length)] += random.nextInt(3) + 1;
        StringBuilder rows = new StringBuilder("{\"league\":\"first\",\"season\":2026,\"rows\":[");
        for (int i = 0; i < points.length; i++) {
            rows.append(i == 0 ? "" : ",")
                    .append("{\"id\":")
                    .append(4_711 + 13 * i)
                    .append(",\"name\":\"Team number ")
                    .append(i)
                    .append("\",\"city\":\"Berlin\",\"points\":")
                    .append(points[i])
                    .append('}');
        }
        return rows.append("]}").toString();
    }

    private String letters() {
        StringBuilder text = new StringBuilder("{\"text\":\"");
        for (int i = 0; i < 200; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.append("\"}").toString();
    }
}
