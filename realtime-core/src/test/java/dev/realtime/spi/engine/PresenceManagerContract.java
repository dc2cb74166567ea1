package dev.realtime.spi.engine;

import static dev.realtime.spi.engine.EngineCalls.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.PresenceStats;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * What every {@link PresenceManager} must satisfy: the clients of a channel, their number, and the life of their
 * entries.
 */
public abstract class PresenceManagerContract {

    private static final String CHANNEL = "chat:room";

    /** Over half the time-to-live: an entry survives it once, not twice. */
    private static final Duration MORE_THAN_HALF =
            EngineUnderTest.PRESENCE_TTL.multipliedBy(3).dividedBy(5);

    private EngineUnderTest underTest;

    private PresenceManager presence;

    private PresenceManager another;

    /** A new engine to test. */
    protected abstract EngineUnderTest underTest();

    @BeforeEach
    void startEngines() {
        underTest = underTest();
        presence = start(underTest.engine());
        another = underTest.another() == underTest.engine() ? presence : start(underTest.another());
    }

    @AfterEach
    void stopEngines() {
        get(underTest.engine().stop());
        get(underTest.another().stop());
        underTest.close();
    }

    private static PresenceManager start(Engine engine) {
        EngineCalls.start(engine, new RecordingBrokerListener());
        return engine.presenceManager();
    }

    @Test
    void nobodyIsPresentInAnUnusedChannel() {
        assertThat(present()).isEmpty();
        assertThat(stats()).isEqualTo(new PresenceStats(0, 0));
    }

    @Test
    void addedClientIsPresentAsSoonAsAddCompletes() {
        ClientInfo info = info("42", "client");

        get(presence.add(CHANNEL, info));

        assertThat(present()).isEqualTo(Map.of("client", info));
        assertThat(get(another.presence(CHANNEL))).isEqualTo(Map.of("client", info));
    }

    @Test
    void infosAreKeptAsTheyWereGiven() {
        ClientInfo full = new ClientInfo(
                "пользователь \u0000\r\n{}", "c1", Payload.ofText("{\"n\": \"é😀\"}"), Payload.of(new byte[] {0, -1, 10
                }));
        ClientInfo bare = new ClientInfo("", "c2", null, null);
        ClientInfo empty = new ClientInfo("u", "c3", Payload.ofText("null"), null);

        Flux.just(full, bare, empty)
                .concatMap(info -> presence.add(CHANNEL, info))
                .blockLast(Duration.ofSeconds(10));

        assertThat(present()).isEqualTo(Map.of("c1", full, "c2", bare, "c3", empty));
        assertThat(present().get("c1").connectionInfo().isJson()).isTrue();
        assertThat(present().get("c1").channelInfo().isJson()).isFalse();
    }

    @Test
    void addingAgainReplacesTheEntry() {
        get(presence.add(CHANNEL, info("42", "client")));
        ClientInfo replaced = new ClientInfo("43", "client", null, Payload.ofText("1"));

        get(presence.add(CHANNEL, replaced));

        assertThat(present()).isEqualTo(Map.of("client", replaced));
        assertThat(stats()).isEqualTo(new PresenceStats(1, 1));
    }

    @Test
    void removedClientIsGone() {
        get(presence.add(CHANNEL, info("42", "client")));
        get(presence.add(CHANNEL, info("43", "other")));

        get(presence.remove(CHANNEL, "client"));

        assertThat(present()).containsOnlyKeys("other");
        assertThat(stats()).isEqualTo(new PresenceStats(1, 1));
    }

    @Test
    void callsOfOneThreadTakeEffectInTheirOrder() {
        for (int i = 0; i < 50; i++) {
            presence.add(CHANNEL, info("42", "client")).subscribe();
            presence.remove(CHANNEL, "client").subscribe();
        }
        get(presence.add(CHANNEL, info("42", "client")));
        assertThat(present()).containsOnlyKeys("client");

        presence.add(CHANNEL, info("42", "client")).subscribe();
        get(presence.remove(CHANNEL, "client"));
        assertThat(present()).isEmpty();
    }

    @Test
    void removingWhoIsNotThereDoesNothing() {
        get(presence.remove(CHANNEL, "client"));
        get(presence.add(CHANNEL, info("42", "client")));

        get(presence.remove(CHANNEL, "other"));
        get(presence.remove("chat:other", "client"));

        assertThat(present()).containsOnlyKeys("client");
    }

    @Test
    void entryThatIsNotRefreshedDisappears() {
        get(presence.add(CHANNEL, info("42", "client")));

        underTest.pass(MORE_THAN_HALF);
        Map<String, ClientInfo> before = present();
        underTest.pass(MORE_THAN_HALF);

        assertThat(before).containsOnlyKeys("client");
        assertThat(present()).isEmpty();
        assertThat(stats()).isEqualTo(new PresenceStats(0, 0));
    }

    @Test
    void refreshedEntryStaysAndOthersDisappear() {
        get(presence.add(CHANNEL, info("42", "kept")));
        get(presence.add(CHANNEL, info("43", "left")));
        get(presence.add("chat:other", info("42", "kept")));

        underTest.pass(MORE_THAN_HALF);
        get(presence.refresh(Map.of(CHANNEL, List.of(info("42", "kept")), "chat:other", List.of(info("42", "kept")))));
        underTest.pass(MORE_THAN_HALF);

        assertThat(present()).containsOnlyKeys("kept");
        assertThat(stats()).isEqualTo(new PresenceStats(1, 1));
        assertThat(get(presence.presence("chat:other"))).containsOnlyKeys("kept");
    }

    @Test
    void addingAgainStartsTheLifeOfTheEntryAgain() {
        get(presence.add(CHANNEL, info("42", "client")));

        underTest.pass(MORE_THAN_HALF);
        get(presence.add(CHANNEL, info("42", "client")));
        underTest.pass(MORE_THAN_HALF);

        assertThat(present()).containsOnlyKeys("client");
    }

    @Test
    void refreshAddsEntriesThatAreGone() {
        get(presence.add(CHANNEL, info("42", "client")));
        underTest.pass(MORE_THAN_HALF.multipliedBy(2));

        get(presence.refresh(Map.of(CHANNEL, List.of(info("42", "client"), info("43", "new")))));

        assertThat(present()).containsOnlyKeys("client", "new");
        assertThat(stats()).isEqualTo(new PresenceStats(2, 2));
    }

    @Test
    void refreshOfNobodyDoesNothing() {
        get(presence.refresh(Map.of()));
        get(presence.refresh(Map.of(CHANNEL, List.of())));

        assertThat(present()).isEmpty();
        assertThat(stats()).isEqualTo(new PresenceStats(0, 0));
    }

    @Test
    void refreshTakesManyChannelsAndClients() {
        Map<String, List<ClientInfo>> many = IntStream.range(0, 50)
                .boxed()
                .collect(Collectors.toMap(
                        channel -> "chat:" + channel,
                        channel -> IntStream.range(0, 20)
                                .mapToObj(client -> info("u" + client % 5, "c" + client))
                                .toList()));

        get(presence.refresh(many));

        // At the same time, before the entries expire on a slow machine.
        List<PresenceStats> stats = get(Flux.fromIterable(many.keySet())
                .flatMap(presence::stats, many.size())
                .collectList());
        assertThat(stats).hasSize(many.size()).containsOnly(new PresenceStats(20, 5));
    }

    @Test
    void usersWithSeveralClientsCountOnce() {
        get(presence.add(CHANNEL, info("42", "c1")));
        get(presence.add(CHANNEL, info("42", "c2")));
        get(presence.add(CHANNEL, info("43", "c3")));
        PresenceStats all = stats();

        get(presence.remove(CHANNEL, "c1"));
        PresenceStats fewer = stats();
        get(presence.remove(CHANNEL, "c2"));

        assertThat(all).isEqualTo(new PresenceStats(3, 2));
        assertThat(fewer).isEqualTo(new PresenceStats(2, 2));
        assertThat(stats()).isEqualTo(new PresenceStats(1, 1));
    }

    @Test
    void anonymousClientsCountAsOneUser() {
        get(presence.add(CHANNEL, info("", "c1")));
        get(presence.add(CHANNEL, info("", "c2")));
        get(presence.add(CHANNEL, info("42", "c3")));

        assertThat(stats()).isEqualTo(new PresenceStats(3, 2));
    }

    @Test
    void statsFollowEntriesThatExpireOneByOne() {
        get(presence.add(CHANNEL, info("42", "c1")));
        get(presence.add(CHANNEL, info("43", "c2")));
        underTest.pass(MORE_THAN_HALF);
        get(presence.add(CHANNEL, info("42", "c3")));
        PresenceStats all = stats();

        underTest.pass(MORE_THAN_HALF);

        assertThat(all).isEqualTo(new PresenceStats(3, 2));
        assertThat(stats()).isEqualTo(new PresenceStats(1, 1));
        assertThat(present()).containsOnlyKeys("c3");
    }

    @Test
    void nodesSeeAndRemoveEachOthersEntries() {
        get(presence.add(CHANNEL, info("42", "here")));
        get(another.add(CHANNEL, info("42", "there")));

        assertThat(get(another.stats(CHANNEL))).isEqualTo(new PresenceStats(2, 1));
        get(presence.remove(CHANNEL, "there"));

        assertThat(get(another.presence(CHANNEL))).containsOnlyKeys("here");
    }

    @Test
    void concurrentChangesLoseNothing() {
        int clients = 200;

        Flux.range(0, clients)
                .flatMap(client -> Mono.defer(() -> presence.add(CHANNEL, info("u" + client % 10, "c" + client)))
                        .then(Mono.defer(() -> client % 2 == 0 ? Mono.empty() : presence.remove(CHANNEL, "c" + client)))
                        .subscribeOn(Schedulers.parallel()))
                .blockLast(Duration.ofSeconds(10));

        assertThat(stats()).isEqualTo(new PresenceStats(clients / 2, 5));
        assertThat(present()).hasSize(clients / 2);
    }

    @Test
    void nothingHappensBeforeAMonoIsSubscribedTo() {
        presence.add(CHANNEL, info("42", "never"));
        presence.refresh(Map.of(CHANNEL, List.of(info("42", "never"))));

        assertThat(present()).isEmpty();
    }

    @Test
    void channelsOfAnyNameAreKeptApart() {
        List<String> names = AnyChannelNames.ALL;

        for (int i = 0; i < names.size(); i++) {
            get(presence.add(names.get(i), info("u", "c" + i)));
        }

        for (int i = 0; i < names.size(); i++) {
            assertThat(get(presence.presence(names.get(i)))).as(names.get(i)).containsOnlyKeys("c" + i);
        }
    }

    private static ClientInfo info(String userId, String clientId) {
        return new ClientInfo(userId, clientId, null, null);
    }

    private Map<String, ClientInfo> present() {
        return get(presence.presence(CHANNEL));
    }

    private PresenceStats stats() {
        return get(presence.stats(CHANNEL));
    }
}
