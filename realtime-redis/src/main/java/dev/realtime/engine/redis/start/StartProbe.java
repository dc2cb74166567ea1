package dev.realtime.engine.redis.start;

import dev.realtime.engine.redis.driver.RedisVersions;
import dev.realtime.engine.redis.driver.ServerFacts;
import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.engine.redis.script.Script;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Asks one server over a connection that is opened for it. Every failure comes as a {@link RedisStartException}. */
final class StartProbe {

    private static final StringCodec TEXT = StringCodec.UTF8;

    private final RedisClient client;

    private final RedisEngineOptions options;

    private final StartupMessages problems;

    private final ConnectFailureDiagnosis failures;

    /** @param engine whose options and resources are used */
    StartProbe(AbstractRedisClient engine, RedisEngineOptions options, StartupMessages problems) {
        // A client of its own: that of the engine may be one for clusters, which refuses to talk to a single server.
        this.client = RedisClient.create(engine.getResources());
        ClientOptions inherited = engine.getOptions();
        client.setOptions(inherited.mutate().autoReconnect(false).build());
        this.options = options;
        this.problems = problems;
        this.failures = new ConnectFailureDiagnosis(problems, options.connectTimeout());
    }

    /** Returns the facts that a server reports; fails if it cannot be reached or refuses the connection. */
    Mono<ServerFacts> server(RedisURI uri) {
        return server(uri, false);
    }

    /** @param sentinel whether the credentials are those for Sentinel */
    Mono<ServerFacts> server(RedisURI uri, boolean sentinel) {
        return connected(
                uri,
                sentinel,
                connection -> Mono.zip(
                                unlessRefused(
                                        call(connection, CommandType.HELLO, new NestedMultiOutput<>(TEXT)),
                                        List.<Object>of()),
                                unlessRefused(call(connection, CommandType.INFO, new StatusOutput<>(TEXT)), ""))
                        .map(said -> ServerFacts.of(said.getT1(), said.getT2())));
    }

    /** Names of the primaries that a Sentinel watches; empty if it does not say. */
    Mono<List<String>> primaryNames(RedisURI sentinel) {
        return connected(sentinel, true, StartProbe::primaryNames).onErrorReturn(List.of());
    }

    private static Mono<List<String>> primaryNames(StatefulRedisConnection<String, String> connection) {
        return unlessRefused(
                call(connection, CommandType.SENTINEL, new NestedMultiOutput<>(TEXT), "MASTERS")
                        .map(StartProbe::names),
                List.of());
    }

    /**
     * Where a Sentinel says that the primary is, with the credentials for it.
     *
     * @param uri of all sentinels, with the name of the primary
     */
    Mono<RedisURI> primary(RedisURI sentinel, RedisURI uri) {
        String name = uri.getSentinelMasterId();
        return connected(
                sentinel,
                true,
                connection -> call(
                                connection,
                                CommandType.SENTINEL,
                                new NestedMultiOutput<>(TEXT),
                                "GET-MASTER-ADDR-BY-NAME",
                                name)
                        .defaultIfEmpty(List.of())
                        .flatMap(address -> address.size() == 2
                                ? Mono.just(at(uri, String.valueOf(address.get(0)), String.valueOf(address.get(1))))
                                : primaryNames(connection)
                                        .flatMap(names -> Mono.error(problems.unknownPrimary(sentinel, name, names)))));
    }

    private static RedisURI at(RedisURI uri, String host, String port) {
        RedisURI primary = RedisURI.Builder.redis(host, Integer.parseInt(port))
                .withSsl(uri.isSsl())
                .withVerifyPeer(uri.getVerifyMode())
                .withDatabase(uri.getDatabase())
                .build();
        primary.setCredentialsProvider(uri.getCredentialsProvider());
        return primary;
    }

    /**
     * Checks that the database exists, and that the user may run the scripts on keys of the prefix, publish and
     * subscribe under it, and do what keeps connections and the topology. Left out is what the engine does without
     * where it is refused ({@code INFO}, {@code TIME}), and {@code WAIT}, which few applications need.
     */
    Mono<Void> rights(RedisURI uri, ServerFacts facts) {
        String name = options.prefix() + ":start-check";
        return connected(
                        uri,
                        false,
                        connection -> database(connection, uri)
                                .then(permitted(
                                        uri,
                                        call(
                                                connection,
                                                CommandType.EVALSHA,
                                                new NestedMultiOutput<>(TEXT),
                                                new String(Script.RIGHTS.digest(), StandardCharsets.US_ASCII),
                                                "1",
                                                name)))
                                .then(permitted(uri, commandsOfScripts(connection, name)))
                                .then(permitted(
                                        uri,
                                        call(
                                                connection,
                                                publishCommand(facts),
                                                new NestedMultiOutput<>(TEXT),
                                                name,
                                                "")))
                                .then(permitted(uri, call(connection, CommandType.PING, new NestedMultiOutput<>(TEXT))))
                                .then(topology(uri, connection))
                                .then(subscribes(uri, connection, facts, name))
                                .thenReturn(true))
                .then();
    }

    /**
     * Subscribes and unsubscribes. What confirms that is a push, which completes no command; a refusal is a reply. So
     * two pings are sent behind: the server replies in order, and each of the first two commands is completed by its
     * refusal or by what comes instead.
     */
    private Mono<Void> subscribes(
            RedisURI uri, StatefulRedisConnection<String, String> connection, ServerFacts facts, String name) {
        return Mono.when(
                permitted(uri, call(connection, subscribeCommand(facts), new NestedMultiOutput<>(TEXT), name)),
                permitted(uri, call(connection, unsubscribeCommand(facts), new NestedMultiOutput<>(TEXT), name)),
                ping(connection),
                ping(connection));
    }

    /** Sends a ping and does not wait for the reply. */
    private static Mono<Void> ping(StatefulRedisConnection<String, String> connection) {
        return Mono.fromRunnable(() -> call(connection, CommandType.PING, new NestedMultiOutput<>(TEXT))
                .subscribe(reply -> {}, lost -> {}));
    }

    /** Checks what finds the owners of slots, and what follows a slot that moves. */
    private Mono<Void> topology(RedisURI uri, StatefulRedisConnection<String, String> connection) {
        return options.topology() == RedisTopology.CLUSTER
                ? permitted(uri, call(connection, CommandType.CLUSTER, new StatusOutput<>(TEXT), "NODES"))
                        .then(permitted(uri, call(connection, CommandType.ASKING, new StatusOutput<>(TEXT))))
                : Mono.empty();
    }

    private static Mono<List<Object>> commandsOfScripts(
            StatefulRedisConnection<String, String> connection, String name) {
        String source = new String(Script.RIGHTS.source(), StandardCharsets.UTF_8);
        return call(connection, CommandType.EVAL, new NestedMultiOutput<>(TEXT), source, "1", name)
                .flatMap(refused -> refused.isEmpty()
                        ? Mono.empty()
                        : Mono.error(new RedisCommandExecutionException(
                                "NOPERM this user has no permissions to run, in scripts, " + refused)));
    }

    private Mono<Void> database(StatefulRedisConnection<String, String> connection, RedisURI uri) {
        if (uri.getDatabase() == 0) {
            return Mono.empty();
        }
        return call(connection, CommandType.SELECT, new StatusOutput<>(TEXT), Integer.toString(uri.getDatabase()))
                .onErrorMap(refused -> problems.database(uri, refused))
                .then();
    }

    private Mono<Void> permitted(RedisURI uri, Mono<?> call) {
        return call.then()
                .onErrorResume(refused -> String.valueOf(refused.getMessage()).startsWith("NOPERM")
                        ? Mono.error(problems.noRights(uri, refused))
                        : Mono.empty());
    }

    private ProtocolKeyword publishCommand(ServerFacts facts) {
        return isSharded(facts) ? CommandType.SPUBLISH : CommandType.PUBLISH;
    }

    private ProtocolKeyword subscribeCommand(ServerFacts facts) {
        return isSharded(facts) ? CommandType.SSUBSCRIBE : CommandType.SUBSCRIBE;
    }

    private ProtocolKeyword unsubscribeCommand(ServerFacts facts) {
        return isSharded(facts) ? CommandType.SUNSUBSCRIBE : CommandType.UNSUBSCRIBE;
    }

    private boolean isSharded(ServerFacts facts) {
        return options.pubSub() == PubSubMode.SHARDED
                || options.pubSub() == PubSubMode.AUTO
                        && options.topology() == RedisTopology.CLUSTER
                        && !facts.isOlderThan(RedisVersions.SHARDED);
    }

    /**
     * Closes the probe without waiting. The driver may keep failed connections for as long as one may take to open.
     */
    void close() {
        client.shutdownAsync(
                options.connectTimeout().multipliedBy(2).toMillis(),
                options.connectTimeout().multipliedBy(3).toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private <T> Mono<T> connected(
            RedisURI uri, boolean sentinel, Function<StatefulRedisConnection<String, String>, Mono<T>> use) {
        return Mono.usingWhen(
                        Mono.fromCompletionStage(() -> client.connectAsync(TEXT, toConnect(uri))),
                        use,
                        connection -> Mono.fromCompletionStage(connection::closeAsync))
                .timeout(options.connectTimeout().plus(options.commandTimeout().multipliedBy(2)))
                .onErrorResume(
                        failure -> !(failure instanceof RedisStartException),
                        failure -> failures.explain(uri, sentinel, failure).flatMap(Mono::error));
    }

    /** Without the database: the refusal of it would hide what kind of server it is. */
    private RedisURI toConnect(RedisURI uri) {
        RedisURI copy = RedisURI.builder(uri).build();
        copy.setDatabase(0);
        copy.setTimeout(options.connectTimeout());
        return copy;
    }

    private static <T> Mono<T> call(
            StatefulRedisConnection<String, String> connection,
            ProtocolKeyword command,
            CommandOutput<String, String, T> output,
            String... arguments) {
        CommandArgs<String, String> encoded = new CommandArgs<>(TEXT);
        for (String argument : arguments) {
            encoded.add(argument);
        }
        return Mono.fromCompletionStage(() -> connection.async().dispatch(command, output, encoded));
    }

    private static <T> Mono<T> unlessRefused(Mono<T> call, T otherwise) {
        return call.defaultIfEmpty(otherwise)
                .onErrorResume(
                        failure -> failure instanceof RedisCommandExecutionException
                                && !String.valueOf(failure.getMessage()).startsWith("NOAUTH"),
                        refused -> Mono.just(otherwise));
    }

    private static List<String> names(List<Object> primaries) {
        List<String> names = new ArrayList<>();
        for (Object primary : primaries) {
            if (primary instanceof List<?> fields) {
                int name = fields.indexOf("name");
                if (name >= 0 && name + 1 < fields.size()) {
                    names.add(String.valueOf(fields.get(name + 1)));
                }
            }
        }
        return names;
    }
}
