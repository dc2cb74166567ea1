package dev.realtime.engine.redis.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * One process of the program {@code redis-server}, or of the compatible server that the system property {@code
 * realtime.test.redis-server} names. None outlives this JVM, if that ends in order.
 */
final class RedisProcess {

    private static final String PROGRAM = System.getProperty("realtime.test.redis-server", "redis-server");

    private static final long STOP_SECONDS = 5;

    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "redis-servers-end"));
    }

    private final Process process;

    private RedisProcess(Process process) {
        this.process = process;
    }

    /** @param log receives what the program prints, behind what is there */
    static RedisProcess start(Path directory, Path log, List<String> arguments) {
        ProcessBuilder builder = new ProcessBuilder(PROGRAM)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.command().addAll(arguments);
        try {
            Process process = builder.start();
            RUNNING.add(process);
            process.onExit().thenAccept(RUNNING::remove);
            return new RedisProcess(process);
        } catch (IOException missing) {
            throw new IllegalStateException(
                    "The program `" + PROGRAM
                            + "` could not be run, so nothing about Redis can be tested. Install Redis 7.0"
                            + " or newer and put it on the PATH (Debian and Ubuntu: `apt-get install redis-server`,"
                            + " macOS: `brew install redis`).",
                    missing);
        }
    }

    boolean running() {
        return process.isAlive();
    }

    /** {@code SIGTERM}: lets it end in order; it is killed if it does not. */
    void terminate() {
        process.destroy();
        if (!ended(STOP_SECONDS)) {
            kill();
        }
    }

    /** {@code SIGKILL}. */
    void kill() {
        process.destroyForcibly();
        if (!ended(STOP_SECONDS)) {
            throw new IllegalStateException("Process " + process.pid() + " survived SIGKILL");
        }
    }

    /** Sends {@code STOP} or {@code CONT}. */
    void signal(String name) {
        try {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("kill -" + name + " of " + process.pid() + " failed with " + status);
            }
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while sending a signal", stopped);
        }
    }

    private boolean ended(long seconds) {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
