package dev.realtime.engine.redis.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One real {@code redis-server} (or Sentinel) on a loopback port of its own, with its files in a temporary directory.
 * Port and directory stay the same over {@link #stop()}, {@link #kill()} and {@link #start()}. Nothing is persisted
 * unless a setting says so: a server that starts again is empty.
 */
public final class RedisServer implements RedisServers {

    /** Address that servers listen on. */
    public static final String HOST = "127.0.0.1";

    private static final Duration LONGEST_START = Duration.ofSeconds(20);

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(5);

    private static final int LONGEST_LOG = 6000;

    private static final int START_ATTEMPTS = 5;

    private final Builder settings;

    private final Path directory;

    private int port;

    private int busPort;

    private volatile RedisProcess process;

    private volatile boolean paused;

    private RedisServer(Builder settings) {
        this.settings = settings;
        try {
            this.directory = Files.createTempDirectory("redis-");
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
        this.process = startOnFreePort();
        awaitReady();
    }

    /** Returns a builder with the settings of a server. */
    public static Builder builder() {
        return new Builder();
    }

    /** Settings of a server. */
    public static final class Builder {

        private final Map<String, String> settings = new LinkedHashMap<>();

        private final List<String> users = new ArrayList<>();

        private final List<String[]> afterStart = new ArrayList<>();

        private boolean sentinel;

        private boolean clusterNode;

        private @Nullable String password;

        private @Nullable RedisTls tls;

        private Builder() {
            setting("save", "").setting("appendonly", "no").setting("shutdown-timeout", "0");
        }

        private Builder(Builder other) {
            settings.putAll(other.settings);
            users.addAll(other.users);
            afterStart.addAll(other.afterStart);
            sentinel = other.sentinel;
            clusterNode = other.clusterNode;
            password = other.password;
            tls = other.tls;
        }

        /** A line of {@code redis.conf}, such as {@code maxmemory} {@code 10mb}; replaces one of the same name. */
        public Builder setting(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /** Password of the default user, with which the fixture itself logs in, too. */
        public Builder password(String password) {
            this.password = password;
            return this;
        }

        /** One more user, as {@code ACL SETUSER} takes it: {@code app on >secret ~realtime* +@read}. */
        public Builder user(String definition) {
            users.add(definition);
            return this;
        }

        /** Listens with TLS only, also for its replicas and cluster peers. */
        public Builder tls(RedisTls tls) {
            this.tls = tls;
            return this;
        }

        /** Keeps an append-only file, written to disk with each command, so that a restart loses nothing. */
        public Builder persistent() {
            return setting("appendonly", "yes").setting("appendfsync", "always");
        }

        /** A command that the fixture runs each time the server has started. */
        Builder afterStart(String... command) {
            afterStart.add(command);
            return this;
        }

        Builder sentinel() {
            sentinel = true;
            settings.clear();
            return this;
        }

        Builder clusterNode() {
            clusterNode = true;
            return setting("cluster-enabled", "yes").setting("cluster-config-file", "nodes.conf");
        }

        Builder copy() {
            return new Builder(this);
        }

        @Nullable
        String password() {
            return password;
        }

        @Nullable
        RedisTls tls() {
            return tls;
        }

        /** Starts the server; returns when it replies. */
        public RedisServer start() {
            return new RedisServer(new Builder(this));
        }
    }

    /** A server without password and without persistence. */
    public static RedisServer started() {
        return builder().start();
    }

    /** The port it listens on, with TLS if that is set. */
    public int port() {
        return port;
    }

    /** Port of the cluster bus; 0 if it is no node of a cluster. */
    int busPort() {
        return busPort;
    }

    /** {@code 127.0.0.1:<port>}. */
    public String address() {
        return HOST + ":" + port;
    }

    /** Where to connect as the default user: {@code redis://} or {@code rediss://} with password and address. */
    public String uri() {
        return scheme() + (settings.password == null ? "" : ":" + settings.password + "@") + address();
    }

    /** The same as another user. */
    public String uri(String username, String password) {
        return scheme() + username + ":" + password + "@" + address();
    }

    private String scheme() {
        return settings.tls == null ? "redis://" : "rediss://";
    }

    /** A new bare connection as the default user, to be closed by the caller. */
    public RespConnection connect() {
        return RespConnection.open(HOST, port, settings.tls, null, settings.password, COMMAND_TIMEOUT);
    }

    /** A new bare connection as another user, to be closed by the caller. */
    public RespConnection connect(String username, String password) {
        return RespConnection.open(HOST, port, settings.tls, username, password, COMMAND_TIMEOUT);
    }

    /**
     * Runs one command on a connection of its own. Replies are {@code String}, {@code Long}, {@code List} or
     * {@code null}.
     */
    public @Nullable Object execute(String... words) {
        try (RespConnection connection = connect()) {
            return connection.command(words);
        }
    }

    /** The reply as text. */
    public String text(String... words) {
        return String.valueOf(execute(words));
    }

    /** One line of {@code INFO}, such as {@code master_link_status}; empty if it is not there. */
    public String info(String field) {
        return text("INFO", "everything")
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    /** Whether there is a process that is not paused. */
    public boolean running() {
        return process.running() && !paused;
    }

    /** {@code kill -9}: the server is gone without a word to its clients and peers. */
    public void kill() {
        process.kill();
        paused = false;
    }

    /** Lets the server end in order. */
    public void stop() {
        resume();
        process.terminate();
    }

    /** Starts again what was killed or stopped, on the same port and in the same directory; returns when it replies. */
    public void start() {
        if (process.running()) {
            throw new IllegalStateException(this + " runs already");
        }
        process = startProcess();
        awaitReady();
    }

    /** Deletes what a stopped server has persisted, so that it comes back empty. */
    public void wipe() {
        if (process.running()) {
            throw new IllegalStateException(this + " runs and would continue to write");
        }
        delete(directory.resolve("appendonlydir"));
        delete(directory.resolve("dump.rdb"));
    }

    /** {@code SIGSTOP}: the system keeps its connections open and accepts new ones, but does not reply. */
    public void pause() {
        process.signal("STOP");
        paused = true;
    }

    /** {@code SIGCONT}; does nothing unless it is paused. */
    public void resume() {
        if (paused) {
            process.signal("CONT");
            paused = false;
        }
    }

    /** The end of what it logged. */
    public String log() {
        try {
            String log = Files.readString(logFile());
            return log.substring(Math.max(0, log.length() - LONGEST_LOG));
        } catch (IOException none) {
            return "no log: " + none;
        }
    }

    @Override
    public List<RedisServer> servers() {
        return List.of(this);
    }

    /** Kills the process and deletes its files. */
    @Override
    public void close() {
        if (process.running()) {
            process.kill();
        }
        delete(directory);
    }

    private static void delete(Path tree) {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException leftBehind) {
            throw new UncheckedIOException(leftBehind);
        }
    }

    @Override
    public String toString() {
        return (settings.sentinel ? "Sentinel " : "Redis ") + address();
    }

    /** Between the choice of a port and its use another program may take it: that is worth another port. */
    private RedisProcess startOnFreePort() {
        for (int attempt = 1; ; attempt++) {
            port = FreePorts.next();
            busPort = settings.clusterNode ? FreePorts.next() : 0;
            writeConfiguration();
            RedisProcess started = startProcess();
            Eventually.until("started or ended", LONGEST_START, () -> !started.running() || isReady(), this::log);
            if (started.running()) {
                return started;
            }
            if (attempt == START_ATTEMPTS || !log().contains("Address already in use")) {
                throw new IllegalStateException(this + " ended immediately. It said:%n%s".formatted(log()));
            }
        }
    }

    private RedisProcess startProcess() {
        List<String> arguments = new ArrayList<>(List.of(configurationFile().toString()));
        if (settings.sentinel) {
            arguments.add("--sentinel");
        }
        return RedisProcess.start(directory, logFile(), arguments);
    }

    private void awaitReady() {
        Eventually.until(
                this + " answers",
                LONGEST_START,
                () -> {
                    if (!process.running()) {
                        throw new IllegalStateException("it ended");
                    }
                    return isReady();
                },
                this::log);
        settings.afterStart.forEach(this::execute);
    }

    private boolean isReady() {
        try {
            return "PONG".equals(execute("PING"));
        } catch (UncheckedIOException | RedisErrorReply notYet) {
            return false;
        }
    }

    private void writeConfiguration() {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("bind", HOST);
        lines.put("dir", directory.toString());
        lines.put("port", settings.tls == null ? Integer.toString(port) : "0");
        if (settings.clusterNode) {
            lines.put("cluster-port", Integer.toString(busPort));
        }
        if (settings.password != null) {
            lines.put("requirepass", settings.password);
            if (!settings.sentinel) {
                lines.put("masterauth", settings.password);
            }
        }
        if (settings.tls != null) {
            lines.putAll(settings.tls.serverSettings(port));
            if (settings.clusterNode) {
                lines.put("tls-cluster", "yes");
            }
        }
        lines.putAll(settings.settings);
        String configuration = lines.entrySet().stream()
                        .map(line -> line.getKey() + " " + quoted(line.getKey(), line.getValue()))
                        .collect(Collectors.joining("\n"))
                + settings.users.stream().map(user -> "\nuser " + user).collect(Collectors.joining())
                + "\n";
        try {
            Files.writeString(configurationFile(), configuration);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    /** The settings of Sentinel are several words, all others are one value, which may be empty. */
    private static String quoted(String name, String value) {
        return name.startsWith("sentinel") ? value : '"' + value + '"';
    }

    private Path configurationFile() {
        return directory.resolve("redis.conf");
    }

    private Path logFile() {
        return directory.resolve("redis.log");
    }
}
