package dev.realtime.fuzz;

import dev.realtime.protocol.Mutations;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** What most cases are made of: good pieces, damaged ones, and noise. */
public final class Pieces {

    private Pieces() {}

    /** One to {@code most} pieces, each good in one of four, damaged in two, and made of random bytes in one. */
    public static List<byte[]> random(Random random, int most, Function<Random, byte[]> good) {
        List<byte[]> pieces = new ArrayList<>();
        for (int count = 1 + random.nextInt(most); count > 0; count--) {
            pieces.add(
                    switch (random.nextInt(4)) {
                        case 0 -> good.apply(random);
                        case 1, 2 -> Mutations.mutate(good.apply(random), random);
                        default -> noise(random);
                    });
        }
        return pieces;
    }

    /** Random bytes, up to about a hundred. */
    public static byte[] noise(Random random) {
        byte[] bytes = new byte[random.nextInt(1 + random.nextInt(100))];
        random.nextBytes(bytes);
        return bytes;
    }
}
