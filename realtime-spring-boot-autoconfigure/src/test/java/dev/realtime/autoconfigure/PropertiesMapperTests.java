package dev.realtime.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.api.channel.Access;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.channel.DataFormat;
import dev.realtime.api.channel.DeliveryOptions;
import dev.realtime.api.channel.DeltaType;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.channel.PublishAck;
import dev.realtime.api.channel.RecoveryMode;
import dev.realtime.api.channel.SlowClientPolicy;
import dev.realtime.channel.ChannelNameRules;
import dev.realtime.channel.Namespaces;
import dev.realtime.connection.ClientOptions;
import dev.realtime.failure.ConfigurationProblemException;
import dev.realtime.limit.ClientLimits;
import dev.realtime.limit.RateLimit;
import dev.realtime.protocol.CommandType;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** From properties to the options of the core: names, defaults, and what is refused. */
class PropertiesMapperTests {

    @Test
    void withoutPropertiesTheDefaultsAreThoseOfTheCore() {
        ClientOptions client = clientOptions(Map.of());
        Namespaces namespaces = namespaces(Map.of());

        assertThat(client).isEqualTo(ClientOptions.DEFAULTS);
        assertThat(namespaces.rules()).isEqualTo(ChannelNameRules.DEFAULTS);
        assertThat(optionsOf(namespaces, "news")).isEqualTo(ChannelOptions.DEFAULTS);
    }

    @Test
    void everyClientPropertyReachesTheCore() {
        ClientOptions client = clientOptions(Map.ofEntries(
                Map.entry("realtime.client.ping-interval", "20s"),
                Map.entry("realtime.client.pong-timeout", "5s"),
                Map.entry("realtime.client.stale-close-delay", "11s"),
                Map.entry("realtime.client.expired-close-delay", "12s"),
                Map.entry("realtime.client.expired-sub-close-delay", "13s"),
                Map.entry("realtime.client.presence-update-interval", "14s"),
                Map.entry("realtime.client.channel-position-check-delay", "15s"),
                Map.entry("realtime.client.channel-limit", "16"),
                Map.entry("realtime.client.queue-max-size", "17KB"),
                Map.entry("realtime.client.user-connection-limit", "18"),
                Map.entry("realtime.client.connection-limit", "19"),
                Map.entry("realtime.client.history-max-publication-limit", "20"),
                Map.entry("realtime.client.recovery-max-publication-limit", "21"),
                Map.entry("realtime.client.handler-timeout", "22s"),
                Map.entry("realtime.client.allow-anonymous-connect-without-token", "true"),
                Map.entry("realtime.client.connect-include-server-time", "true"),
                Map.entry("realtime.client.insecure", "true"),
                Map.entry("realtime.client.ignore-http-principal", "true"),
                Map.entry("realtime.client.connection-rate-limit", "23"),
                Map.entry("realtime.client.node-queue-max-size", "24KB"),
                Map.entry("realtime.client.rate-limit.command.limit", "25"),
                Map.entry("realtime.client.rate-limit.command.interval", "26s"),
                Map.entry("realtime.client.rate-limit.operations.presence-stats.limit", "27"),
                Map.entry("realtime.client.rate-limit.error.limit", "28"),
                Map.entry("realtime.client.rate-limit.error.interval", "29s"),
                Map.entry("realtime.client.subscribe-to-user-personal-channel.enabled", "true"),
                Map.entry("realtime.client.subscribe-to-user-personal-channel.personal-channel-namespace", "personal"),
                Map.entry("realtime.client.subscribe-to-user-personal-channel.single-connection", "true")));

        assertThat(client)
                .isEqualTo(new ClientOptions(
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(11),
                        Duration.ofSeconds(12),
                        Duration.ofSeconds(13),
                        Duration.ofSeconds(14),
                        Duration.ofSeconds(15),
                        16,
                        17 * 1024,
                        18,
                        19,
                        20,
                        21,
                        Duration.ofSeconds(22),
                        true,
                        true,
                        true,
                        true,
                        true,
                        "personal",
                        true,
                        new ClientLimits(
                                new RateLimit(23, Duration.ofSeconds(1)),
                                24 * 1024,
                                new RateLimit(25, Duration.ofSeconds(26)),
                                Map.of(CommandType.PRESENCE_STATS, new RateLimit(27, Duration.ofSeconds(1))),
                                new RateLimit(28, Duration.ofSeconds(29)))));
    }

    @Test
    void everyOptionOfANamespaceReachesTheCore() {
        Namespaces namespaces = namespaces(Map.ofEntries(
                Map.entry("realtime.channel.namespaces.chat.presence", "true"),
                Map.entry("realtime.channel.namespaces.chat.join-leave", "true"),
                Map.entry("realtime.channel.namespaces.chat.force-push-join-leave", "true"),
                Map.entry("realtime.channel.namespaces.chat.history-size", "10"),
                Map.entry("realtime.channel.namespaces.chat.history-ttl", "5m"),
                Map.entry("realtime.channel.namespaces.chat.history-meta-ttl", "1h"),
                Map.entry("realtime.channel.namespaces.chat.force-positioning", "true"),
                Map.entry("realtime.channel.namespaces.chat.allow-positioning", "true"),
                Map.entry("realtime.channel.namespaces.chat.force-recovery", "true"),
                Map.entry("realtime.channel.namespaces.chat.allow-recovery", "true"),
                Map.entry("realtime.channel.namespaces.chat.force-recovery-mode", "cache"),
                Map.entry("realtime.channel.namespaces.chat.auto-cache-recover", "true"),
                Map.entry("realtime.channel.namespaces.chat.allow-tags-filter", "true"),
                Map.entry("realtime.channel.namespaces.chat.allowed-delta-types", "fossil"),
                Map.entry("realtime.channel.namespaces.chat.delta-publish", "true"),
                Map.entry("realtime.channel.namespaces.chat.allow-subscribe-for-client", "true"),
                Map.entry("realtime.channel.namespaces.chat.allow-subscribe-for-anonymous", "true"),
                Map.entry("realtime.channel.namespaces.chat.allow-publish-for-client", "true"),
                Map.entry("realtime.channel.namespaces.chat.allow-presence-for-subscriber", "true"),
                Map.entry("realtime.channel.namespaces.chat.allow-history-for-subscriber", "true"),
                Map.entry("realtime.channel.namespaces.chat.allow-history-for-anonymous", "true"),
                Map.entry("realtime.channel.namespaces.chat.allow-user-limited-channels", "true"),
                Map.entry("realtime.channel.namespaces.chat.channel-regex", "^[a-z]+$"),
                Map.entry("realtime.channel.namespaces.chat.publication-data-format", "json_object"),
                Map.entry("realtime.channel.namespaces.chat.publish-ack", "replicated"),
                Map.entry("realtime.channel.namespaces.chat.publish-echo", "false"),
                Map.entry("realtime.channel.namespaces.chat.batch-max-delay", "50ms"),
                Map.entry("realtime.channel.namespaces.chat.batch-max-size", "20"),
                Map.entry("realtime.channel.namespaces.chat.allow-channel-compaction", "true"),
                Map.entry("realtime.channel.namespaces.chat.publish-debounce", "250ms")));

        ChannelOptions options = optionsOf(namespaces, "chat:room");

        assertThat(options.channelRegex()).hasToString("^[a-z]+$");
        assertThat(options)
                .isEqualTo(ChannelOptions.builder()
                        .presence(true)
                        .joinLeave(true)
                        .forcePushJoinLeave(true)
                        .history(new HistoryOptions(10, Duration.ofMinutes(5), Duration.ofHours(1)))
                        .forcePositioning(true)
                        .allowPositioning(true)
                        .forceRecovery(true)
                        .allowRecovery(true)
                        .recoveryMode(RecoveryMode.CACHE)
                        .autoCacheRecover(true)
                        .allowTagsFilter(true)
                        .allowedDeltaTypes(Set.of(DeltaType.FOSSIL))
                        .deltaPublish(true)
                        .subscribeAccess(new Access(true, false, true))
                        .publishAccess(new Access(true, false, false))
                        .presenceAccess(new Access(false, true, false))
                        .historyAccess(new Access(false, true, true))
                        .allowUserLimitedChannels(true)
                        .channelRegex(options.channelRegex())
                        .publicationDataFormat(DataFormat.JSON_OBJECT)
                        .publishAck(PublishAck.REPLICATED)
                        .publishEcho(false)
                        .delivery(DeliveryOptions.DEFAULTS.withBatch(Duration.ofMillis(50), 20))
                        .allowChannelCompaction(true)
                        .publishDebounce(Duration.ofMillis(250))
                        .build());
    }

    @Test
    void policyForSlowClientsReachesTheCore() {
        Namespaces namespaces = namespaces(Map.of(
                "realtime.channel.namespaces.prices.on-slow", "conflate",
                "realtime.channel.namespaces.prices.conflate-key", "ticker",
                "realtime.channel.namespaces.log.on-slow", "drop-oldest"));

        assertThat(optionsOf(namespaces, "prices:a").delivery())
                .isEqualTo(DeliveryOptions.DEFAULTS
                        .withOnSlow(SlowClientPolicy.CONFLATE)
                        .withConflateKey("ticker"));
        assertThat(optionsOf(namespaces, "log:a").delivery().onSlow()).isEqualTo(SlowClientPolicy.DROP_OLDEST);
    }

    @ParameterizedTest
    @CsvSource({
        "allow-publish-for-client, true, false, false",
        "allow-publish-for-subscriber, false, true, false",
        "allow-publish-for-anonymous, false, false, true",
    })
    void permissionsOfAGroupReachTheirOwnPlace(String property, boolean client, boolean subscriber, boolean anonymous) {
        for (String operation : new String[] {"publish", "presence", "history"}) {
            Namespaces namespaces = namespaces(
                    Map.of("realtime.channel.without-namespace." + property.replace("publish", operation), "true"));

            ChannelOptions options = optionsOf(namespaces, "news");

            Access expected = new Access(client, subscriber, anonymous);
            assertThat(options.publishAccess()).isEqualTo(operation.equals("publish") ? expected : Access.NOBODY);
            assertThat(options.presenceAccess()).isEqualTo(operation.equals("presence") ? expected : Access.NOBODY);
            assertThat(options.historyAccess()).isEqualTo(operation.equals("history") ? expected : Access.NOBODY);
        }
    }

    @Test
    void whatAllChannelsShareIsInheritedByNamespacesThatSayNothing() {
        Namespaces namespaces = namespaces(Map.of(
                "realtime.channel.history-meta-ttl", "48h",
                "realtime.channel.publication-data-format", "json",
                "realtime.channel.namespaces.own.history-meta-ttl", "24h",
                "realtime.channel.namespaces.own.publication-data-format", "binary",
                "realtime.channel.namespaces.other.presence", "true"));

        assertThat(optionsOf(namespaces, "own:x").history().metaTtl()).isEqualTo(Duration.ofHours(24));
        assertThat(optionsOf(namespaces, "own:x").publicationDataFormat()).isEqualTo(DataFormat.BINARY);
        assertThat(optionsOf(namespaces, "other:x").history().metaTtl()).isEqualTo(Duration.ofHours(48));
        assertThat(optionsOf(namespaces, "other:x").publicationDataFormat()).isEqualTo(DataFormat.JSON);
        assertThat(optionsOf(namespaces, "news").publicationDataFormat()).isEqualTo(DataFormat.JSON);
    }

    @Test
    void emptyValuesOfCentrifugoMeanTheDefault() {
        Namespaces namespaces = namespaces(Map.of(
                "realtime.channel.publication-data-format", "",
                "realtime.channel.without-namespace.force-recovery-mode", "",
                "realtime.channel.without-namespace.channel-regex", ""));

        assertThat(optionsOf(namespaces, "news")).isEqualTo(ChannelOptions.DEFAULTS);
    }

    @Test
    void rulesForNamesReachTheCore() {
        Namespaces namespaces = namespaces(Map.of(
                "realtime.channel.max-length", "100",
                "realtime.channel.private-prefix", "!",
                "realtime.channel.namespace-boundary", "/",
                "realtime.channel.user-boundary", "@",
                "realtime.channel.user-separator", ";"));

        assertThat(namespaces.rules()).isEqualTo(new ChannelNameRules(100, "!", "/", "@", ";"));
    }

    @ParameterizedTest
    @CsvSource({"chat_room, chat_room", "ChatRoom, ChatRoom", "chat-room, chat-room", "[chat.room], chat.room"})
    void namesOfNamespacesAreKeptAsWritten(String key, String name) {
        Namespaces namespaces = namespaces(Map.of("realtime.channel.namespaces." + key + ".presence", "true"));

        assertThat(optionsOf(namespaces, name + ":x").presence()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ping-interval                  | -1s   | `realtime.client.ping-interval` is `-1s`, but it cannot be negative. Set it to zero or to a time above zero, or remove it for the default.
            pong-timeout                   | 0s    | `realtime.client.pong-timeout` is `0s`, so no client could answer a ping in time. Set it to a time above zero, or remove it for the default.
            pong-timeout                   | 30s   | `realtime.client.pong-timeout` is `30s` but `realtime.client.ping-interval` is `25s`, so the next ping would leave before the answer to this one is late. Set `realtime.client.pong-timeout` below `realtime.client.ping-interval`.
            pong-timeout                   | 25s   | `realtime.client.pong-timeout` is `25s` but `realtime.client.ping-interval` is `25s`, so the next ping would leave before the answer to this one is late. Set `realtime.client.pong-timeout` below `realtime.client.ping-interval`.
            stale-close-delay              | 0ms   | `realtime.client.stale-close-delay` is `0s`, so no client could connect in time. Set it to a time above zero, or remove it for the default.
            expired-close-delay            | -5s   | `realtime.client.expired-close-delay` is `-5s`, but it cannot be negative. Set it to zero or to a time above zero, or remove it for the default.
            expired-sub-close-delay        | -5s   | `realtime.client.expired-sub-close-delay` is `-5s`, but it cannot be negative. Set it to zero or to a time above zero, or remove it for the default.
            presence-update-interval       | 0s    | `realtime.client.presence-update-interval` is `0s`, but presence is refreshed and expiry checked at that interval. Set it to a time above zero, or remove it for the default.
            channel-position-check-delay   | -1ms  | `realtime.client.channel-position-check-delay` is `-1ms`, but it cannot be negative. Set it to zero or to a time above zero, or remove it for the default.
            channel-limit                  | 0     | `realtime.client.channel-limit` is `0`, so no client could subscribe to a channel. Set it to 1 or more, or remove it for the default.
            queue-max-size                 | 0B    | `realtime.client.queue-max-size` is `0B`, so no client could be sent anything. Set it to a size above zero, or remove it for the default.
            queue-max-size                 | 2GB   | `realtime.client.queue-max-size` is `2147483648B`, but no buffer can be that long. Set it to less than 2GB, or remove it for the default.
            user-connection-limit          | -1    | `realtime.client.user-connection-limit` is `-1`, but it cannot be negative. Set it to 0 (any number) or more, or remove it for the default.
            connection-limit               | -1    | `realtime.client.connection-limit` is `-1`, but it cannot be negative. Set it to 0 (any number) or more, or remove it for the default.
            history-max-publication-limit  | 0     | `realtime.client.history-max-publication-limit` is `0`, so no client could read history. Set it to 1 or more, or remove it for the default.
            recovery-max-publication-limit | -3    | `realtime.client.recovery-max-publication-limit` is `-3`, so no client could recover anything. Set it to 1 or more, or remove it for the default.
            handler-timeout                | 0s    | `realtime.client.handler-timeout` is `0s`, so no handler could answer in time. Set it to a time above zero, or remove it for the default.
            """)
    void clientPropertyThatCannotWorkIsRefused(String property, String value, String message) {
        assertThatExceptionOfType(ConfigurationProblemException.class)
                .isThrownBy(() -> clientOptions(Map.of("realtime.client." + property, value)))
                .withMessage(message)
                .satisfies(refusal -> assertThat(refusal.property()).isEqualTo("realtime.client." + property));
    }

    @Test
    void pongTimeoutDoesNotMatterWithoutPings() {
        ClientOptions client = clientOptions(Map.of("realtime.client.ping-interval", "0s"));

        assertThat(client.pingInterval()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"27s", "10s"})
    void presenceThatIsGoneBeforeItIsRefreshedIsRefused(String ttl) {
        assertThatExceptionOfType(ConfigurationProblemException.class)
                .isThrownBy(() -> PropertiesMapper.memoryPresenceTtl(
                        bound("realtime", RealtimeProperties.class, Map.of("realtime.memory.presence-ttl", ttl)),
                        bound("realtime.client", RealtimeClientProperties.class, Map.of())))
                .withMessage(
                        "`realtime.memory.presence-ttl` is `%s` but presence is refreshed every `27s`".formatted(ttl)
                                + " (`realtime.client.presence-update-interval`), so clients would drop out of presence"
                                + " while they are there. Set `realtime.memory.presence-ttl` to at least twice the"
                                + " interval, or shorten the interval.");
    }

    @Test
    void malformedRegexIsRefusedWithItsError() {
        assertThatExceptionOfType(ConfigurationProblemException.class)
                .isThrownBy(() -> namespaces(Map.of("realtime.channel.namespaces.chat.channel-regex", "^[a-z")))
                .withMessage("`realtime.channel.namespaces.chat.channel-regex` is `^[a-z`, which is not a regular"
                        + " expression: Unclosed character class at index 4. Correct the expression. In YAML, single"
                        + " quotes keep backslashes as they are.");
    }

    @Test
    void combinationsOfChannelOptionsAreRefusedByTheCore() {
        assertThatExceptionOfType(ConfigurationProblemException.class)
                .isThrownBy(() -> namespaces(Map.of("realtime.channel.namespaces.chat.history-size", "10")))
                .satisfies(refusal ->
                        assertThat(refusal.property()).isEqualTo("realtime.channel.namespaces.chat.history-size"));
    }

    private static ClientOptions clientOptions(Map<String, String> properties) {
        return PropertiesMapper.clientOptions(bound("realtime.client", RealtimeClientProperties.class, properties));
    }

    private static Namespaces namespaces(Map<String, String> properties) {
        return PropertiesMapper.namespaces(
                bound("realtime.channel", RealtimeChannelProperties.class, properties), null);
    }

    private static ChannelOptions optionsOf(Namespaces namespaces, String channel) {
        return namespaces.find(channel).orElseThrow().options();
    }

    private static <T> T bound(String prefix, Class<T> type, Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate(prefix, type);
    }
}
