package dev.realtime.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.json.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FossilDeltaTests {

    private static final String DOCUMENT = "{\"id\":4711,\"title\":\"Grüße an 🌍 und alle anderen\",\"price\":101.25,"
            + "\"tags\":[\"news\",\"world\"],\"author\":{\"name\":\"Zoë\",\"city\":\"Köln\"},\"read\":17}";

    /** By the description of the format: the length 26 is Q, 24 bytes are copied and 2 are inserted. */
    @Test
    void patchHasTheFormOfTheDescription() {
        byte[] base = bytes("{\"name\":\"value\",\"count\":1}");
        byte[] target = bytes("{\"name\":\"value\",\"count\":2}");

        assertThat(patch(base, target)).asString(StandardCharsets.UTF_8).isEqualTo("Q\nO@0,2:2}13ivNY;");
    }

    @Test
    void equalTargetIsOneCopy() {
        byte[] document = bytes(DOCUMENT);

        assertThat(patch(document, document)).asString(StandardCharsets.UTF_8).matches("[^\n]+\n[^@:]+@0,[^@:]+;");
    }

    @Test
    void targetOfOtherOrderIsCopiedInPieces() {
        byte[] left = bytes("the first half of a document, ");
        byte[] right = bytes("and the second one of the same document");

        byte[] patch = patch(concat(left, right), concat(right, left));

        assertThat(patch).isNotNull();
        assertThat(patch.length).isLessThan(24);
        assertThat(FossilPatches.apply(concat(left, right), patch)).isEqualTo(concat(right, left));
    }

    @Test
    void whatIsNotShorterIsNoPatch() {
        assertThat(patch(bytes(""), bytes(DOCUMENT))).isNull();
        assertThat(patch(bytes(DOCUMENT), bytes(""))).isNull();
        assertThat(patch(bytes(DOCUMENT), bytes("1"))).isNull();
        assertThat(patch(bytes("abcdefghijklmnop"), bytes("ABCDEFGHIJKLMNOP"))).isNull();
        assertThat(patch(new byte[0], new byte[0])).isNull();
    }

    @Test
    void lengthIsBounded() {
        byte[] longest = new byte[FossilDelta.MAX_LENGTH];
        byte[] longer = new byte[FossilDelta.MAX_LENGTH + 1];

        assertThat(patch(longest, longest)).isNotNull();
        assertThat(patch(longer, longest)).isNull();
        assertThat(patch(longest, longer)).isNull();
    }

    @Test
    void copiesKeepCharactersWhole() {
        // 🌍 and 🌎 differ in their last byte only, é and ê too.
        byte[] base = bytes("a long common beginning é 🌍 a long common middle part 🌎 and the end of it");
        byte[] target = bytes("a long common beginning ê 🌎 a long common middle part 🌍 and the end of it");

        byte[] patch = patch(base, target);

        assertThat(patch).isNotNull();
        assertThat(Utf8.isValid(patch, 0, patch.length)).isTrue();
        assertThat(FossilPatches.apply(base, patch)).isEqualTo(target);
    }

    @Test
    void patchOfTextIsText() {
        Random random = new Random(18);
        AtomicInteger patches = new AtomicInteger();
        for (int i = 0; i < 2_000; i++) {
            String base = text(random, 1 + random.nextInt(200));
            String target = i % 4 == 0 ? text(random, 1 + random.nextInt(200)) : changed(random, base);
            byte[] patch = checkedPatch(bytes(base), bytes(target));
            if (patch != null) {
                patches.incrementAndGet();
                assertThat(Utf8.isValid(patch, 0, patch.length)).isTrue();
            }
        }
        assertThat(patches).hasValueGreaterThan(1_000);
    }

    @Test
    void patchOfAnyBytesMakesTheTarget() {
        Random random = new Random(19);
        for (int i = 0; i < 2_000; i++) {
            byte[] base = new byte[random.nextInt(400)];
            random.nextBytes(base);
            // Few different bytes give many matches, many of them within what looks like characters.
            int alphabet = 1 + random.nextInt(6);
            for (int j = 0; j < base.length && i % 2 == 0; j++) {
                base[j] = (byte) (0x7e + Math.floorMod(base[j], alphabet));
            }
            byte[] target = Arrays.copyOf(base, random.nextInt(400));
            for (int j = 0; j < 3 && target.length > 0; j++) {
                target[random.nextInt(target.length)] = (byte) random.nextInt();
            }
            checkedPatch(base, target);
            checkedPatch(target, base);
        }
    }

    @Test
    void longDocumentsWithSmallChangesHaveShortPatches() {
        Random random = new Random(20);
        byte[] base = bytes(text(random, 60_000));
        byte[] target = base.clone();
        for (int i = 0; i < 20; i++) {
            target[i * target.length / 20] = 'x';
        }

        byte[] patch = checkedPatch(base, target);

        assertThat(patch).isNotNull();
        assertThat(patch.length).isLessThan(500);
    }

    /** Whatever would make a naive search quadratic; ends in time only if the work is bounded. */
    @Test
    void hostileBytesAreEncodedInBoundedTime() {
        int length = FossilDelta.MAX_LENGTH;
        byte[] equal = new byte[length];
        byte[] continuations = new byte[length];
        Arrays.fill(continuations, (byte) 0x80);
        byte[] alternating = new byte[length];
        byte[] nearly = new byte[length];
        for (int i = 0; i < length; i++) {
            alternating[i] = (byte) (i & 1);
            nearly[i] = (byte) (i % 9 == 0 ? 1 : 0);
        }

        for (byte[] base : new byte[][] {equal, continuations, alternating, nearly}) {
            for (byte[] target : new byte[][] {equal, continuations, alternating, nearly}) {
                checkedPatch(base, target);
            }
        }
    }

    @Test
    void equalInputGivesEqualOutput() {
        Random random = new Random(21);
        byte[] base = bytes(text(random, 3_000));
        byte[] target = bytes(changed(random, text(random, 100)) + new String(base, StandardCharsets.UTF_8));
        Supplier<byte @Nullable []> patch = () -> patch(base.clone(), target.clone());

        assertThat(patch.get()).isEqualTo(patch.get());
    }

    private static byte @Nullable [] checkedPatch(byte[] base, byte[] target) {
        byte[] patch = patch(base, target);
        if (patch != null) {
            assertThat(patch.length).isLessThan(target.length);
            assertThat(Arrays.equals(FossilPatches.apply(base, patch), target)).isTrue();
        }
        return patch;
    }

    private static byte @Nullable [] patch(byte[] base, byte[] target) {
        return FossilDelta.patch(base, target);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] concat(byte[] left, byte[] right) {
        byte[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }

    private static String text(Random random, int characters) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < characters; i++) {
            int[] ranges = {'a', 0xe0, 0x4e00, 0x1f300};
            text.appendCodePoint(ranges[random.nextInt(ranges.length)] + random.nextInt(20));
        }
        return text.toString();
    }

    private static String changed(Random random, String base) {
        int[] points = base.codePoints().toArray();
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            points[random.nextInt(points.length)] = 0x1f300 + random.nextInt(20);
        }
        String changed = new String(points, 0, points.length);
        int cut = changed.offsetByCodePoints(0, random.nextInt(points.length));
        return switch (random.nextInt(3)) {
            case 0 -> changed;
            case 1 -> changed.substring(cut) + changed.substring(0, cut);
            default -> changed.substring(0, cut) + "inserted 🌍" + changed.substring(cut);
        };
    }
}
