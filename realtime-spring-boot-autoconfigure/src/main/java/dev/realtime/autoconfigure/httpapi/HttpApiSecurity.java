package dev.realtime.autoconfigure.httpapi;

import dev.realtime.failure.ConfigurationProblemException;
import dev.realtime.httpapi.ApiKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Security of the HTTP API: open to callers with the key, or to everyone, which is logged as a warning at every start.
 */
final class HttpApiSecurity {

    static final String KEY = "realtime.http-api.key";

    static final String INSECURE = "realtime.http-api.insecure";

    /** Number of random characters below which a key could be guessed. */
    private static final int RECOMMENDED_LENGTH = 24;

    private static final Logger logger = LoggerFactory.getLogger(HttpApiSecurity.class);

    private HttpApiSecurity() {}

    /** @throws ConfigurationProblemException if the key cannot be sent in a header */
    static ApiKey key(RealtimeHttpApiProperties properties) {
        if (properties.insecure()) {
            logger.warn(
                    "`{}` is on: anybody that reaches this server may publish, disconnect users and "
                            + "read history and presence."
                            + " Use it for local work only, and set `{}` before others can reach this server.",
                    INSECURE,
                    KEY);
            return ApiKey.insecure();
        }
        String key = properties.key();
        if (!key.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
            throw new ConfigurationProblemException(
                    KEY,
                    "`%s` contains characters other than visible ASCII, so no HTTP header could carry it."
                            .formatted(KEY),
                    "Set it to letters and digits, for instance to the output of `openssl rand -hex 24`.");
        }
        if (key.length() < RECOMMENDED_LENGTH) {
            logger.warn(
                    "`{}` has {} characters, so it might be guessed. Set it to at least {}, for "
                            + "instance to the output of"
                            + " `openssl rand -hex 24`.",
                    KEY,
                    key.length(),
                    RECOMMENDED_LENGTH);
        }
        return ApiKey.of(key, properties.allowQueryKey());
    }
}
