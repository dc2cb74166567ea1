package dev.realtime.autoconfigure;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.Environment;

/** {@code realtime.client.insecure}: said at every start, and refused where it looks like production. */
final class InsecureMode {

    private static final Logger logger = LoggerFactory.getLogger(InsecureMode.class);

    private static final String PROPERTY = "realtime.client.insecure";

    private static final String SKIP_SIGNATURES = "realtime.client.insecure-skip-token-signature-verify";

    private static final List<String> PRODUCTION = List.of("prod", "production");

    private InsecureMode() {}

    /** @throws InvalidRealtimePropertyException if it is on and a profile named like production is active */
    static void check(RealtimeClientProperties client, Environment environment) {
        if (!client.insecure()) {
            return;
        }
        productionProfile(environment).ifPresent(InsecureMode::refuse);
        logger.warn(
                "`{}` is on: anyone may connect, subscribe, publish and read presence and history without permission."
                        + " Use it for local work only and remove it before others can reach this server.",
                PROPERTY);
    }

    /**
     * {@code realtime.client.insecure-skip-token-signature-verify} is on.
     *
     * @throws InvalidRealtimePropertyException if a profile named like production is active
     */
    static void checkSkippedSignatures(Environment environment) {
        productionProfile(environment).ifPresent(profile -> {
            throw new InvalidRealtimePropertyException(
                    SKIP_SIGNATURES,
                    "`%s` is on but the profile `%s` is active, so anyone could connect as any user in production."
                            .formatted(SKIP_SIGNATURES, profile),
                    "Remove `%s`, or do not activate the profile.".formatted(SKIP_SIGNATURES));
        });
        logger.warn(
                "`{}` is on: anyone may connect as any user, with a token that nobody signed. Use it for local work only and"
                        + " remove it before others can reach this server.",
                SKIP_SIGNATURES);
    }

    /** The first active profile that is named like production. */
    static Optional<String> productionProfile(Environment environment) {
        return Arrays.stream(environment.getActiveProfiles())
                .filter(profile -> PRODUCTION.contains(profile.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    private static void refuse(String profile) {
        throw new InvalidRealtimePropertyException(
                PROPERTY,
                "`%s` is on but the profile `%s` is active, so everything would be open to anyone in production."
                        .formatted(PROPERTY, profile),
                "Remove `%s` and allow what clients may do under `realtime.channel`, or do not activate the profile."
                        .formatted(PROPERTY));
    }
}
