package dev.realtime.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Cases that once broke something, here or elsewhere, in {@code /fuzz/<name>.txt} on the class path: one a line, its
 * pieces in hexadecimal and apart by spaces, {@code -} for an empty one. Lines that begin with {@code #} say what
 * follows.
 */
final class Corpus {

    private Corpus() {}

    static List<List<byte[]>> read(String name) {
        try (InputStream file = Corpus.class.getResourceAsStream("/fuzz/" + name + ".txt")) {
            if (file == null) {
                throw new IllegalArgumentException("There is no corpus of this name: " + name);
            }
            return new String(file.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Corpus::pieces)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static String write(List<byte[]> pieces) {
        return pieces.stream()
                .map(piece -> piece.length == 0 ? "-" : HexFormat.of().formatHex(piece))
                .collect(Collectors.joining(" "));
    }

    private static List<byte[]> pieces(String line) {
        return Arrays.stream(line.split(" "))
                .map(piece -> piece.equals("-") ? new byte[0] : HexFormat.of().parseHex(piece))
                .toList();
    }
}
