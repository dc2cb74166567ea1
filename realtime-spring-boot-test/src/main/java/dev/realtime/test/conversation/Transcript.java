package dev.realtime.test.conversation;

import dev.realtime.api.client.Disconnect;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** Record of the messages that one client sent and received, for failure messages. Keeps the last lines. */
public final class Transcript {

    private static final int MAX_LINES = 100;

    private static final int MAX_LINE_LENGTH = 400;

    private final long startNanos = System.nanoTime();

    private final String title;

    private final Deque<String> lines = new ArrayDeque<>();

    private int dropped;

    /** Number of pings that the last line represents. */
    private int pings;

    /** @param title name and kind of the client */
    public Transcript(String title) {
        this.title = title;
    }

    void sent(JsonNode command) {
        add("-> " + command);
    }

    void received(JsonNode reply) {
        add("<- " + reply);
    }

    void closed(Disconnect disconnect) {
        add(
                disconnect.equals(Disconnect.CONNECTION_CLOSED)
                        ? "-- closed without notice"
                        : "-- disconnected by the server: " + disconnect.code() + " '" + disconnect.reason() + "'");
    }

    /** Counts consecutive pings as one line. */
    synchronized void pinged() {
        if (pings > 0) {
            lines.removeLast();
        }
        int count = pings + 1;
        add("<- {}, -> {}: ping and pong" + (count == 1 ? "" : ", " + count + " times"));
        pings = count;
    }

    public void note(String text) {
        add("-- " + text);
    }

    private synchronized void add(String text) {
        pings = 0;
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
        String line = text.length() > MAX_LINE_LENGTH
                ? text.substring(0, MAX_LINE_LENGTH) + "… (" + text.length() + " characters)"
                : text;
        lines.add("%8d ms  %s".formatted(millis, line));
        if (lines.size() > MAX_LINES) {
            lines.remove();
            dropped++;
        }
    }

    /** Returns the lines below their title. */
    @Override
    public synchronized String toString() {
        StringBuilder text = new StringBuilder("Transcript of ").append(title).append(':');
        if (dropped > 0) {
            text.append("\n           … ").append(dropped).append(" earlier lines");
        }
        lines.forEach(line -> text.append('\n').append(line));
        return text.toString();
    }
}
