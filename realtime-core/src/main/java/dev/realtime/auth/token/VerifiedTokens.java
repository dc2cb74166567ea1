package dev.realtime.auth.token;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tokens whose signature was verified lately, so that a client that connects again with the same token does not cost
 * another verification. A signature of RSA or of an elliptic curve takes up to a few hundred microseconds of an event
 * loop.
 *
 * <p>Remembered is which key verified which token, and nothing else. It counts only while the source still has that
 * very key, so a key that was replaced, has ended or is for another algorithm admits nothing. Claims are read and times
 * compared each time. Tokens that failed are not remembered, so that the memory cannot be filled without valid tokens.
 *
 * <p>Bounded: at most twice {@link #GENERATION} tokens of about 100 bytes each. The older half is forgotten when the
 * newer one is full. Safe for any number of threads.
 */
final class VerifiedTokens {

    /** Tokens of one half. */
    static final int GENERATION = 32_768;

    /** SHA-256 of a whole token: no two tokens with the same are known, and a token cannot be found from it. */
    private record Digest(long a, long b, long c, long d) {

        static Digest of(CompactToken token) {
            try {
                byte[] text = token.text().getBytes(StandardCharsets.UTF_8);
                ByteBuffer digest =
                        ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text));
                return new Digest(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every Java platform has SHA-256.", e);
            }
        }
    }

    private final int generation;

    private volatile Map<Digest, TokenKey> newer = new ConcurrentHashMap<>();

    private volatile Map<Digest, TokenKey> older = Map.of();

    VerifiedTokens() {
        this(GENERATION);
    }

    VerifiedTokens(int generation) {
        this.generation = generation;
    }

    /** Returns whether one of these keys verifies the token. */
    boolean verifies(List<TokenKey> keys, CompactToken token) {
        boolean expensive = false;
        for (int i = 0; i < keys.size(); i++) {
            expensive |= keys.get(i).isExpensive();
        }
        Digest digest = expensive ? Digest.of(token) : null;
        if (digest != null && isKnown(keys, digest)) {
            return true;
        }
        for (int i = 0; i < keys.size(); i++) {
            TokenKey key = keys.get(i);
            if (key.verifies(token)) {
                if (digest != null && key.isExpensive()) {
                    remember(digest, key);
                }
                return true;
            }
        }
        return false;
    }

    /** Compares keys by identity: an equal key of a set that was fetched again is verified with again. */
    private boolean isKnown(List<TokenKey> keys, Digest digest) {
        TokenKey verifier = newer.get(digest);
        if (verifier != null) {
            return contains(keys, verifier);
        }
        verifier = older.get(digest);
        if (verifier == null || !contains(keys, verifier)) {
            return false;
        }
        remember(digest, verifier);
        return true;
    }

    private static boolean contains(List<TokenKey> keys, @Nullable TokenKey verifier) {
        for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i) == verifier) {
                return true;
            }
        }
        return false;
    }

    private void remember(Digest digest, TokenKey verifier) {
        Map<Digest, TokenKey> full = newer;
        if (full.size() >= generation) {
            startGeneration(full);
        }
        newer.put(digest, verifier);
    }

    private synchronized void startGeneration(Map<Digest, TokenKey> full) {
        if (newer == full) {
            older = full;
            newer = new ConcurrentHashMap<>();
        }
    }

    /** Returns the number of tokens that are remembered. */
    int size() {
        return newer.size() + older.size();
    }
}
