package dev.realtime.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.channel.DeliveryOptions;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.channel.PublishAck;
import dev.realtime.api.channel.RecoveryMode;
import dev.realtime.api.channel.SlowClientPolicy;
import dev.realtime.failure.ConfigurationProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every combination of options that is refused, with the sentence that says so. */
class InvalidChannelOptionsTests {

    private static final HistoryOptions HISTORY =
            new HistoryOptions(100, Duration.ofMinutes(5), HistoryOptions.DEFAULT_META_TTL);

    private static void accept(ChannelOptions options) {
        assertThatCode(() -> configure(ChannelNameRules.DEFAULTS, "chat", options))
                .doesNotThrowAnyException();
    }

    private static ConfigurationProblemException refuse(ChannelOptions options) {
        return refuse(ChannelNameRules.DEFAULTS, "chat", options);
    }

    private static ConfigurationProblemException refuse(ChannelNameRules rules, String name, ChannelOptions options) {
        ConfigurationProblemException refused =
                catchThrowableOfType(ConfigurationProblemException.class, () -> configure(rules, name, options));
        assertThat(refused).isNotNull();
        assertThat(refused.description()).startsWith("`" + refused.property() + "` ");
        assertThat(refused).hasMessage(refused.description() + " " + refused.action());
        return refused;
    }

    private static Namespaces configure(ChannelNameRules rules, String name, ChannelOptions options) {
        return name.isEmpty()
                ? new Namespaces(rules, options, Map.of(), null)
                : new Namespaces(rules, ChannelOptions.DEFAULTS, Map.of(name, options), null);
    }

    private static ChannelOptions history(int size, Duration ttl, Duration metaTtl) {
        return ChannelOptions.builder()
                .history(new HistoryOptions(size, ttl, metaTtl))
                .build();
    }

    private static ChannelOptions history(int size, Duration ttl) {
        return history(size, ttl, HistoryOptions.DEFAULT_META_TTL);
    }

    @Test
    void everythingThatFitsTogetherIsAccepted() {
        accept(ChannelOptions.DEFAULTS);
        accept(history(1, Duration.ofSeconds(1), Duration.ofSeconds(1)));
        accept(history(100, Duration.ofDays(36_500), Duration.ofDays(36_500)));
        accept(ChannelOptions.builder()
                .history(HISTORY)
                .forceRecovery(true)
                .allowRecovery(true)
                .recoveryMode(RecoveryMode.CACHE)
                .autoCacheRecover(true)
                .build());
    }

    @Test
    void whatTheReferenceServerAcceptsWithoutHistoryIsAcceptedHere() {
        accept(ChannelOptions.builder().forcePositioning(true).build());
        accept(ChannelOptions.builder().allowPositioning(true).build());
        accept(ChannelOptions.builder().forcePushJoinLeave(true).build());
        accept(ChannelOptions.builder().recoveryMode(RecoveryMode.CACHE).build());
    }

    @Test
    void historySizeNeedsATtl() {
        ConfigurationProblemException refused = refuse(history(100, Duration.ZERO));

        assertThat(refused.property()).isEqualTo("realtime.channel.namespaces.chat.history-size");
        assertThat(refused)
                .hasMessage("`realtime.channel.namespaces.chat.history-size` is 100 but"
                        + " `realtime.channel.namespaces.chat.history-ttl` is not set, so no history"
                        + " would be kept."
                        + " Set `realtime.channel.namespaces.chat.history-ttl`, for instance to 5m, or"
                        + " remove the size.");
    }

    @Test
    void historyTtlNeedsASize() {
        ConfigurationProblemException refused = refuse(history(0, Duration.ofMinutes(5)));

        assertThat(refused.property()).isEqualTo("realtime.channel.namespaces.chat.history-ttl");
        assertThat(refused)
                .hasMessage("`realtime.channel.namespaces.chat.history-ttl` is 300s but"
                        + " `realtime.channel.namespaces.chat.history-size` is not set, so no history"
                        + " would be kept."
                        + " Set `realtime.channel.namespaces.chat.history-size`, for instance to 100, or"
                        + " remove the ttl.");
    }

    @Test
    void historySizeIsNotNegative() {
        ConfigurationProblemException refused = refuse(history(-1, Duration.ofMinutes(5)));

        assertThat(refused.property()).isEqualTo("realtime.channel.namespaces.chat.history-size");
        assertThat(refused)
                .hasMessage(
                        "`realtime.channel.namespaces.chat.history-size` is -1, but a channel cannot keep fewer than"
                                + " no publications. Set it to the number of publications to keep, or remove it"
                                + " for no history.");
    }

    @Test
    void historyTtlIsInWholeSecondsOfBoundedNumberAndNotNegative() {
        for (Duration ttl : new Duration[] {
            Duration.ofMillis(1500), Duration.ofSeconds(-1), Duration.ofNanos(1), Duration.ofDays(36_501)
        }) {
            ConfigurationProblemException refused = refuse(history(100, ttl, Duration.ofDays(36_500)));

            assertThat(refused.property()).isEqualTo("realtime.channel.namespaces.chat.history-ttl");
            assertThat(refused.getMessage())
                    .endsWith(", but history ages in whole seconds, none of them negative, up to 36500 days."
                            + " Set it to whole seconds, for instance 300s.");
        }
        assertThat(refuse(history(100, Duration.ofMillis(1500))).description())
                .startsWith("`realtime.channel.namespaces.chat.history-ttl` is PT1.5S, but");
        assertThat(refuse(history(100, Duration.ofSeconds(-1))).description())
                .startsWith("`realtime.channel.namespaces.chat.history-ttl` is -1s, but");
    }

    @Test
    void historyMetaTtlIsInWholeSecondsOfBoundedNumberAndNotNegative() {
        for (Duration metaTtl :
                new Duration[] {Duration.ofMillis(1500), Duration.ofSeconds(-1), Duration.ofSeconds(Long.MAX_VALUE)}) {
            ConfigurationProblemException refused = refuse(history(0, Duration.ZERO, metaTtl));

            assertThat(refused.property()).isEqualTo("realtime.channel.namespaces.chat.history-meta-ttl");
            assertThat(refused.getMessage()).contains("but history ages in whole seconds");
        }
    }

    @Test
    void historyMetaTtlIsNotZero() {
        ConfigurationProblemException refused = refuse(history(0, Duration.ZERO, Duration.ZERO));

        assertThat(refused.property()).isEqualTo("realtime.channel.namespaces.chat.history-meta-ttl");
        assertThat(refused)
                .hasMessage(
                        "`realtime.channel.namespaces.chat.history-meta-ttl` is 0s, so the position in a stream would"
                                + " be removed immediately. Set it to at least 1s, or remove it for the default of"
                                + " 720h.");
    }

    @Test
    void historyTtlIsNotAboveTheMetaTtl() {
        ConfigurationProblemException refused = refuse(history(100, Duration.ofHours(1), Duration.ofMinutes(1)));

        assertThat(refused.property()).isEqualTo("realtime.channel.namespaces.chat.history-ttl");
        assertThat(refused)
                .hasMessage("`realtime.channel.namespaces.chat.history-ttl` is 3600s but positions are forgotten after"
                        + " 60s, so publications would outlive the stream they belong to. Lower it, or raise"
                        + " `realtime.channel.namespaces.chat.history-meta-ttl` or"
                        + " `realtime.channel.history-meta-ttl`.");
    }

    @Test
    void forcedRecoveryNeedsHistory() {
        ConfigurationProblemException refused =
                refuse(ChannelOptions.builder().forceRecovery(true).build());

        assertThat(refused.property()).isEqualTo("realtime.channel.namespaces.chat.force-recovery");
        assertThat(refused)
                .hasMessage(
                        "`realtime.channel.namespaces.chat.force-recovery` is true but the channels keep no history,"
                                + " so nothing could ever be recovered. Set"
                                + " `realtime.channel.namespaces.chat.history-size` and"
                                + " `realtime.channel.namespaces.chat.history-ttl`, for instance to 100 and 5m,"
                                + " or remove it.");
    }

    @Test
    void allowedRecoveryNeedsHistory() {
        ConfigurationProblemException refused =
                refuse(ChannelOptions.builder().allowRecovery(true).build());

        assertThat(refused.property()).isEqualTo("realtime.channel.namespaces.chat.allow-recovery");
        assertThat(refused.description())
                .isEqualTo("`realtime.channel.namespaces.chat.allow-recovery` is true but the channels keep no history,"
                        + " so nothing could ever be recovered.");
    }

    @Test
    void automaticCacheRecoveryNeedsForcedRecoveryInCacheMode() {
        ChannelOptions notForced = ChannelOptions.builder()
                .history(HISTORY)
                .allowRecovery(true)
                .recoveryMode(RecoveryMode.CACHE)
                .autoCacheRecover(true)
                .build();
        ChannelOptions streamMode = ChannelOptions.builder()
                .history(HISTORY)
                .forceRecovery(true)
                .autoCacheRecover(true)
                .build();

        for (ChannelOptions options : new ChannelOptions[] {notForced, streamMode}) {
            ConfigurationProblemException refused = refuse(options);

            assertThat(refused.property()).isEqualTo("realtime.channel.namespaces.chat.auto-cache-recover");
            assertThat(refused)
                    .hasMessage("`realtime.channel.namespaces.chat.auto-cache-recover` is true, but subscribers can"
                            + " be given the latest publication unasked only where recovery is forced and in"
                            + " cache mode."
                            + " Set `realtime.channel.namespaces.chat.force-recovery` to true and"
                            + " `realtime.channel.namespaces.chat.force-recovery-mode` to cache, or remove it.");
        }
    }

    private static ConfigurationProblemException refuse(DeliveryOptions delivery) {
        return refuse(ChannelOptions.builder().delivery(delivery).build());
    }

    @Test
    void nothingIsLeftOutWhereRecoveryOrPositioningPromiseAll() {
        DeliveryOptions conflates = DeliveryOptions.DEFAULTS.withOnSlow(SlowClientPolicy.CONFLATE);
        DeliveryOptions drops = DeliveryOptions.DEFAULTS.withOnSlow(SlowClientPolicy.DROP_OLDEST);
        accept(ChannelOptions.builder().history(HISTORY).delivery(conflates).build());
        for (ChannelOptions.Builder options : List.of(
                ChannelOptions.builder().history(HISTORY).forceRecovery(true),
                ChannelOptions.builder().history(HISTORY).allowRecovery(true),
                ChannelOptions.builder().forcePositioning(true),
                ChannelOptions.builder().allowPositioning(true))) {
            accept(options.build());
            assertThat(refuse(options.delivery(conflates).build()).description())
                    .isEqualTo("`realtime.channel.namespaces.chat.on-slow` is conflate, but subscribers of the"
                            + " namespace may have recovery or positioning, which promise that none of their"
                            + " publications is left out.");
            assertThat(refuse(options.delivery(drops).build()).description()).contains("is drop-oldest, but");
        }
    }

    @Test
    void debounceIsFromZeroToAMinute() {
        accept(ChannelOptions.builder().publishDebounce(Duration.ofMinutes(1)).build());
        for (long millis : List.of(-1L, 60_001L)) {
            assertThat(refuse(ChannelOptions.builder()
                                    .publishDebounce(Duration.ofMillis(millis))
                                    .build())
                            .description())
                    .isEqualTo("`realtime.channel.namespaces.chat.publish-debounce` is " + millis
                            + "ms, but clients can hold publications back from 0 to 60s.");
        }
    }

    @Test
    void optionsOfDeliveryThatHaveNoEffectAreRefused() {
        accept(ChannelOptions.builder()
                .delivery(DeliveryOptions.DEFAULTS.withBatch(Duration.ofSeconds(10), 1))
                .build());
        assertThat(refuse(DeliveryOptions.DEFAULTS.withConflateKey("ticker")).property())
                .endsWith(".conflate-key");
        assertThat(refuse(DeliveryOptions.DEFAULTS.withBatch(Duration.ZERO, 1)).property())
                .endsWith(".batch-max-size");
        assertThat(refuse(DeliveryOptions.DEFAULTS.withBatch(Duration.ofMillis(1), -1))
                        .property())
                .endsWith(".batch-max-size");
        assertThat(refuse(DeliveryOptions.DEFAULTS.withBatch(Duration.ofMillis(-1), 0))
                        .property())
                .endsWith(".batch-max-delay");
        assertThat(refuse(DeliveryOptions.DEFAULTS.withBatch(Duration.ofMillis(10_001), 0))
                        .description())
                .endsWith("is 10001ms, but publications can wait from 0 to 10s.");
    }

    @Test
    void optionsWithoutNamespaceAreNamedAsSuch() {
        ConfigurationProblemException refused = refuse(ChannelNameRules.DEFAULTS, "", history(100, Duration.ZERO));

        assertThat(refused.property()).isEqualTo("realtime.channel.without-namespace.history-size");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab", "chat", "A-z_0.9", "--", "..", "00"})
    void namesOfNamespacesAreLettersDigitsAndSomePunctuation(String name) {
        assertThatCode(() -> configure(ChannelNameRules.DEFAULTS, name, ChannelOptions.DEFAULTS))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a b", "a:", "чат", "chat\n", "a#", "$a", "a/b", "a,b"})
    void otherNamesOfNamespacesAreRefused(String name) {
        ConfigurationProblemException refused = refuse(ChannelNameRules.DEFAULTS, name, ChannelOptions.DEFAULTS);

        assertThat(refused.description())
                .endsWith(" has a name that is refused: names of namespaces match [-a-zA-Z0-9_.]{2,}.");
        assertThat(refused.action())
                .isEqualTo("Use at least two characters of: letters a to z, digits, '-', '_', '.'.");
    }

    @Test
    void replicasOfWhatIsNotKeptAreRefused() {
        ConfigurationProblemException refused = refuse(
                ChannelOptions.builder().publishAck(PublishAck.REPLICATED).build());

        assertThat(refused.description())
                .isEqualTo("`realtime.channel.namespaces.chat.publish-ack` is replicated but the channels keep no"
                        + " history, so"
                        + " there is nothing that a replica could have.");
        accept(ChannelOptions.builder()
                .history(HISTORY)
                .publishAck(PublishAck.REPLICATED)
                .build());
    }

    @Test
    void emptyNameOfANamespaceIsRefused() {
        ConfigurationProblemException refused = catchThrowableOfType(
                ConfigurationProblemException.class,
                () -> new Namespaces(
                        ChannelNameRules.DEFAULTS, ChannelOptions.DEFAULTS, Map.of("", ChannelOptions.DEFAULTS), null));

        assertThat(refused.property()).isEqualTo("realtime.channel.namespaces[]");
    }

    @Test
    void nameOfANamespaceDoesNotHoldTheBoundary() {
        ChannelNameRules dots = new ChannelNameRules(255, "$", ".", "#", ",");

        ConfigurationProblemException refused = refuse(dots, "chat.eu", ChannelOptions.DEFAULTS);

        assertThat(refused)
                .hasMessage(
                        "`realtime.channel.namespaces[chat.eu]` has a name that holds '.', which ends a namespace in"
                                + " channel names (`realtime.channel.namespace-boundary`), so no channel could"
                                + " ever be in it."
                                + " Rename the namespace, or choose another boundary.");
    }

    @Test
    void nameThatPropertiesWouldSplitIsShownInBrackets() {
        assertThat(refuse(ChannelNameRules.DEFAULTS, "chat.eu", history(1, Duration.ZERO))
                        .property())
                .isEqualTo("realtime.channel.namespaces[chat.eu].history-size");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void maximumLengthLeavesRoomForAName(int maxLength) {
        ConfigurationProblemException refused =
                refuse(new ChannelNameRules(maxLength, "$", ":", "#", ","), "chat", ChannelOptions.DEFAULTS);

        assertThat(refused)
                .hasMessage("`realtime.channel.max-length` is " + maxLength + ", so no client could subscribe to"
                        + " anything. Set it to the longest name allowed in bytes, for instance 255.");
    }
}
