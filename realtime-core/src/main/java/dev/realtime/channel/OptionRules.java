package dev.realtime.channel;

import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.channel.ChannelOptionsResolver;
import dev.realtime.api.channel.DeliveryOptions;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.channel.PublishAck;
import dev.realtime.api.channel.RecoveryMode;
import dev.realtime.api.channel.SlowClientPolicy;
import dev.realtime.failure.ConfigurationProblemException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The rules that options of a namespace keep. They are those of Centrifugo, with these added: nothing is negative or
 * longer than a century, the life of a position is not zero, {@code allow-recovery} needs history like
 * {@code force-recovery}, and a namespace name does not hold the boundary that ends it.
 *
 * <p>Checking allocates nothing while the rules are kept: options of a {@link ChannelOptionsResolver} are checked with
 * every command.
 */
final class OptionRules {

    private static final Pattern NAMESPACE_NAME = Pattern.compile("[-a-zA-Z0-9_.]{2,}");

    /** Keys of a property map that need no brackets around them. */
    private static final Pattern PLAIN_KEY = Pattern.compile("[-a-zA-Z0-9]+");

    /** Far beyond any use, and still safe to add to a clock. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** Longest time that a publication waits for others. */
    private static final Duration LONGEST_BATCH = Duration.ofSeconds(10);

    /** Longest time in which clients send one publication. */
    private static final Duration LONGEST_DEBOUNCE = Duration.ofMinutes(1);

    private OptionRules() {}

    /** The first rule broken by what {@code realtime.channel} says about names, if any. */
    static Optional<ConfigurationProblemException> violation(ChannelNameRules rules) {
        if (rules.maxLength() < 1) {
            return broken(
                    "realtime.channel.max-length",
                    "is " + rules.maxLength() + ", so no client could subscribe to anything.",
                    "Set it to the longest name allowed in bytes, for instance 255.");
        }
        return Optional.empty();
    }

    /** The first rule broken by the name of a namespace, if any. */
    static Optional<ConfigurationProblemException> violation(String name, ChannelNameRules rules) {
        if (!NAMESPACE_NAME.matcher(name).matches()) {
            return broken(
                    namespacePath(name),
                    "has a name that is refused: names of namespaces match " + NAMESPACE_NAME + ".",
                    "Use at least two characters of: letters a to z, digits, '-', '_', '.'.");
        }
        String boundary = rules.namespaceBoundary();
        if (!boundary.isEmpty() && name.contains(boundary)) {
            return broken(
                    namespacePath(name),
                    "has a name that holds '" + boundary + "', which ends a namespace in channel names"
                            + " (`realtime.channel.namespace-boundary`), so no channel could ever be in it.",
                    "Rename the namespace, or choose another boundary.");
        }
        return Optional.empty();
    }

    /**
     * The first rule broken by the options of a namespace, if any.
     *
     * @param namespace empty for channels without one
     */
    static Optional<ConfigurationProblemException> violation(String namespace, ChannelOptions options) {
        HistoryOptions history = options.history();
        if (history.size() < 0) {
            return broken(
                    path(namespace, "history-size"),
                    "is " + history.size() + ", but a channel cannot keep fewer than no publications.",
                    "Set it to the number of publications to keep, or remove it for no history.");
        }
        if (!isWholeSeconds(history.ttl())) {
            return notWholeSeconds(path(namespace, "history-ttl"), history.ttl());
        }
        if (!isWholeSeconds(history.metaTtl())) {
            return notWholeSeconds(path(namespace, "history-meta-ttl"), history.metaTtl());
        }
        if (history.metaTtl().isZero()) {
            return broken(
                    path(namespace, "history-meta-ttl"),
                    "is 0s, so the position in a stream would be removed immediately.",
                    "Set it to at least 1s, or remove it for the default of 720h.");
        }
        if (history.size() > 0 && history.ttl().isZero()) {
            return broken(
                    path(namespace, "history-size"),
                    "is " + history.size() + " but `" + path(namespace, "history-ttl")
                            + "` is not set, so no history would be kept.",
                    "Set `" + path(namespace, "history-ttl") + "`, for instance to 5m, or remove the size.");
        }
        if (history.size() == 0 && !history.ttl().isZero()) {
            return broken(
                    path(namespace, "history-ttl"),
                    "is " + text(history.ttl()) + " but `" + path(namespace, "history-size")
                            + "` is not set, so no history would be kept.",
                    "Set `" + path(namespace, "history-size") + "`, for instance to 100, or remove the ttl.");
        }
        if (history.ttl().compareTo(history.metaTtl()) > 0) {
            return broken(
                    path(namespace, "history-ttl"),
                    "is " + text(history.ttl()) + " but positions are forgotten after " + text(history.metaTtl())
                            + ", so publications would outlive the stream they belong to.",
                    "Lower it, or raise `" + path(namespace, "history-meta-ttl")
                            + "` or `realtime.channel.history-meta-ttl`.");
        }
        Duration debounce = options.publishDebounce();
        if (debounce.isNegative() || debounce.compareTo(LONGEST_DEBOUNCE) > 0) {
            return broken(
                    path(namespace, "publish-debounce"),
                    "is " + debounce.toMillis() + "ms, but clients can hold publications back from 0 to "
                            + LONGEST_DEBOUNCE.toSeconds() + "s.",
                    "Set it to a short time, for instance 100ms, or remove it.");
        }
        return recoveryViolation(namespace, options);
    }

    private static Optional<ConfigurationProblemException> recoveryViolation(String namespace, ChannelOptions options) {
        if (options.forceRecovery() && !options.history().enabled()) {
            return recoveryWithoutHistory(namespace, "force-recovery");
        }
        if (options.allowRecovery() && !options.history().enabled()) {
            return recoveryWithoutHistory(namespace, "allow-recovery");
        }
        if (options.autoCacheRecover() && !(options.forceRecovery() && options.recoveryMode() == RecoveryMode.CACHE)) {
            return broken(
                    path(namespace, "auto-cache-recover"),
                    "is true, but subscribers can be given the latest publication unasked only where recovery is forced"
                            + " and in cache mode.",
                    "Set `" + path(namespace, "force-recovery") + "` to true and `"
                            + path(namespace, "force-recovery-mode") + "` to cache, or remove it.");
        }
        if (options.publishAck() == PublishAck.REPLICATED && !options.history().enabled()) {
            return broken(
                    path(namespace, "publish-ack"),
                    "is replicated but the channels keep no history, so there is nothing that a replica could have.",
                    "Set `" + path(namespace, "history-size") + "` and `" + path(namespace, "history-ttl")
                            + "`, for instance to 100 and 5m, or remove it.");
        }
        return deliveryViolation(namespace, options);
    }

    private static Optional<ConfigurationProblemException> deliveryViolation(String namespace, ChannelOptions options) {
        DeliveryOptions delivery = options.delivery();
        if (delivery.onSlow() != SlowClientPolicy.DISCONNECT && checksOffsets(options)) {
            return broken(
                    path(namespace, "on-slow"),
                    "is " + text(delivery.onSlow()) + ", but subscribers of the namespace may have recovery or"
                            + " positioning, which promise that none of their publications is left out.",
                    "Set it to disconnect, so that slow clients reconnect and recover, or remove force-recovery,"
                            + " allow-recovery, force-positioning and allow-positioning of the namespace.");
        }
        if (!delivery.conflateKey().isEmpty() && delivery.onSlow() != SlowClientPolicy.CONFLATE) {
            return broken(
                    path(namespace, "conflate-key"),
                    "is '" + delivery.conflateKey() + "' but `" + path(namespace, "on-slow")
                            + "` is not conflate, so the key has no effect.",
                    "Set `" + path(namespace, "on-slow") + "` to conflate, or remove the key.");
        }
        if (delivery.batchMaxDelay().isNegative() || delivery.batchMaxDelay().compareTo(LONGEST_BATCH) > 0) {
            return broken(
                    path(namespace, "batch-max-delay"),
                    "is " + delivery.batchMaxDelay().toMillis() + "ms, but publications can wait from 0 to "
                            + LONGEST_BATCH.toSeconds() + "s.",
                    "Set it to a short time, for instance 50ms, or remove it.");
        }
        if (delivery.batchMaxSize() < 0) {
            return broken(
                    path(namespace, "batch-max-size"),
                    "is " + delivery.batchMaxSize() + ", but a batch has one publication at least.",
                    "Set it to the number of publications that end the waiting, or remove it for any number.");
        }
        if (delivery.batchMaxSize() > 0 && delivery.batchMaxDelay().isZero()) {
            return broken(
                    path(namespace, "batch-max-size"),
                    "is " + delivery.batchMaxSize() + " but `" + path(namespace, "batch-max-delay")
                            + "` is not set, so publications do not wait for each other.",
                    "Set `" + path(namespace, "batch-max-delay") + "`, for instance to 50ms, or remove the size.");
        }
        return Optional.empty();
    }

    private static boolean checksOffsets(ChannelOptions options) {
        return options.forceRecovery()
                || options.allowRecovery()
                || options.forcePositioning()
                || options.allowPositioning();
    }

    private static String text(SlowClientPolicy policy) {
        return policy.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Optional<ConfigurationProblemException> recoveryWithoutHistory(String namespace, String option) {
        return broken(
                path(namespace, option),
                "is true but the channels keep no history, so nothing could ever be recovered.",
                "Set `" + path(namespace, "history-size") + "` and `" + path(namespace, "history-ttl")
                        + "`, for instance to 100 and 5m, or remove it.");
    }

    private static boolean isWholeSeconds(Duration duration) {
        return !duration.isNegative() && duration.getNano() == 0 && duration.compareTo(LONGEST) <= 0;
    }

    private static Optional<ConfigurationProblemException> notWholeSeconds(String property, Duration duration) {
        return broken(
                property,
                "is " + text(duration) + ", but history ages in whole seconds, none of them negative, up to "
                        + LONGEST.toDays() + " days.",
                "Set it to whole seconds, for instance 300s.");
    }

    private static Optional<ConfigurationProblemException> broken(String property, String what, String action) {
        return Optional.of(new ConfigurationProblemException(property, "`" + property + "` " + what, action));
    }

    private static String path(String namespace, String option) {
        return path(namespace) + "." + option;
    }

    private static String path(String namespace) {
        return namespace.isEmpty() ? "realtime.channel.without-namespace" : namespacePath(namespace);
    }

    private static String namespacePath(String name) {
        return PLAIN_KEY.matcher(name).matches()
                ? "realtime.channel.namespaces." + name
                : "realtime.channel.namespaces[" + name + "]";
    }

    /** A duration as people write it in properties: seconds, or ISO 8601 where they do not suffice. */
    private static String text(Duration duration) {
        return duration.getNano() == 0 ? duration.toSeconds() + "s" : duration.toString();
    }
}
