package dev.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.delta.FossilDelta;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Patches of the server, read by the decoder of the official JavaScript SDK in both encodings. */
class DeltaPatchesConformanceTests {

    private static final int PATCHES = 100_000;

    private static final int JSON = 0;

    private static final int PROTOBUF = 1;

    private final Random random = new Random(1807);

    private int written;

    @Test
    void decoderOfTheSdkMakesTheTargetOfEveryPatch(@TempDir Path directory) throws IOException {
        Path patches = directory.resolve("patches");
        try (DataOutputStream file = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(patches)))) {
            writeHuge(file);
            writeDegenerate(file);
            while (written < PATCHES) {
                byte[] text = json(text(random.nextInt(80)));
                write(file, JSON, text, json(changed(new String(text, 1, text.length - 2, StandardCharsets.UTF_8))));
                byte[] binary = binary(random.nextInt(250));
                write(file, PROTOBUF, binary, changed(binary));
            }
        }

        String right = new NodeScript("patches.mjs", Duration.ofSeconds(60)).run(patches.toString());

        assertThat(right.strip()).isEqualTo(String.valueOf(written));
    }

    private void writeHuge(DataOutputStream file) throws IOException {
        byte[] binary = binary(FossilDelta.MAX_LENGTH - 100);
        byte[] changed = binary.clone();
        for (int i = 0; i < 30; i++) {
            changed[random.nextInt(changed.length)]++;
        }
        write(file, PROTOBUF, binary, changed);
        write(file, PROTOBUF, new byte[FossilDelta.MAX_LENGTH], new byte[FossilDelta.MAX_LENGTH]);
        String text = text(200_000);
        write(file, JSON, json(text), json(changed(text)));
        assertThat(written).isEqualTo(3);
    }

    /** Empty ones have no patch; those beside them might. */
    private void writeDegenerate(DataOutputStream file) throws IOException {
        byte[] document = json("a document of some length, 🌍 and more");
        for (int length = 0; length <= document.length; length++) {
            write(file, PROTOBUF, Arrays.copyOf(document, length), document);
            write(file, PROTOBUF, document, Arrays.copyOf(document, length));
        }
        assertThat(FossilDelta.patch(new byte[0], document)).isNull();
        assertThat(FossilDelta.patch(document, new byte[0])).isNull();
    }

    private void write(DataOutputStream file, int encoding, byte[] base, byte[] target) throws IOException {
        byte[] patch = FossilDelta.patch(base, target);
        if (patch == null) {
            return;
        }
        file.writeByte(encoding);
        for (byte[] block : new byte[][] {base, patch, target}) {
            file.writeInt(block.length);
            file.write(block);
        }
        written++;
    }

    private static byte[] json(String text) {
        return ('"' + text + '"').getBytes(StandardCharsets.UTF_8);
    }

    /** Letters, accents, ideographs and emoji, none of which JSON escapes. */
    private String text(int characters) {
        int[] scripts = {'a', 'a', 0xe0, 0x4e00, 0x1f300};
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < characters; i++) {
            text.appendCodePoint(scripts[random.nextInt(scripts.length)] + random.nextInt(20));
        }
        return text.toString();
    }

    private String changed(String text) {
        int length = text.codePointCount(0, text.length());
        int place = random.nextInt(length + 1);
        int from = text.offsetByCodePoints(0, place);
        int to = text.offsetByCodePoints(0, Math.min(length, place + random.nextInt(3)));
        String inserted = text(random.nextInt(4));
        return random.nextInt(5) == 0
                ? text.substring(to) + inserted + text.substring(0, from)
                : text.substring(0, from) + inserted + text.substring(to);
    }

    /** Half of them of few different bytes, which repeat themselves. */
    private byte[] binary(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        int different = random.nextBoolean() ? 256 : 3;
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (0x7f + Math.floorMod(bytes[i], different));
        }
        return bytes;
    }

    private byte[] changed(byte[] bytes) {
        byte[] changed = Arrays.copyOf(bytes, Math.max(0, bytes.length + random.nextInt(20) - 8));
        int shift = random.nextInt(10);
        if (random.nextInt(4) == 0 && changed.length > shift) {
            System.arraycopy(bytes, 0, changed, shift, Math.min(bytes.length, changed.length - shift));
        }
        for (int i = random.nextInt(4); i > 0 && changed.length > 0; i--) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
        }
        return changed;
    }
}
