package dev.realtime.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireWriterTests {

    private static final long SEED = 20_240_229;

    @Test
    void textIsWrittenAsTheJdkEncodesIt() {
        Random random = new Random(SEED);
        int[] bounds = {0x80, 0x800, 0xd800, 0x11_0000};

        for (int round = 0; round < 10_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int count = random.nextInt(20); count > 0; count--) {
                int codePoint = random.nextInt(bounds[random.nextInt(bounds.length)]);
                text.appendCodePoint(codePoint >= 0xd800 && codePoint < 0xe000 ? 'x' : codePoint);
            }
            WireWriter out = new WireWriter(1);

            out.writeUtf8(text.toString());

            assertThat(out.toByteArray())
                    .as("round %s of seed %s", round, SEED)
                    .isEqualTo(text.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void firstAndLastCharactersOfEachLengthAreEncoded() {
        String text = "\u0000\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\ud800\udc00\udbff\udfff";
        WireWriter out = new WireWriter(1);

        out.writeUtf8(text);

        assertThat(out.toByteArray()).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "\udc00", "\ud800x", "x\udc00x", "\udc00\ud800", "é\ud800"})
    void halfASurrogatePairBecomesTheReplacementCharacter(String text) {
        WireWriter out = new WireWriter();

        out.writeUtf8(text);

        String expected = text.replace('\ud800', '\ufffd').replace('\udc00', '\ufffd');
        assertThat(new String(out.toByteArray(), StandardCharsets.UTF_8)).isEqualTo(expected);
    }

    @Test
    void partOfATextIsWritten() {
        WireWriter out = new WireWriter();

        out.writeUtf8("aébc", 1, 3);

        assertThat(new String(out.toByteArray(), StandardCharsets.UTF_8)).isEqualTo("éb");
    }

    @Test
    void insertOpensAHoleAndMovesWhatFollows() {
        WireWriter out = new WireWriter(4);
        out.write(new byte[] {1, 2, 3, 4});

        out.insert(1, 2);
        out.set(1, (byte) 8);
        out.set(2, (byte) 9);

        assertThat(out.toByteArray()).containsExactly(1, 8, 9, 2, 3, 4);
    }

    @Test
    void clearKeepsUsualMemoryAndGivesUnusualMemoryBack() {
        WireWriter out = new WireWriter(16);
        out.write(new byte[100_000]);
        byte[] usual = out.array();

        assertThat(out.clear().array()).isSameAs(usual);
        assertThat(out.size()).isZero();

        out.write(new byte[1_000_000]);
        assertThat(out.clear().array()).hasSize(16);
    }
}
