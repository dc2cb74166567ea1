package dev.realtime.spi.engine;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.PublishResult.Suppression;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One channel as it should behave, written as plainly as can be: lists are copied, time is a number, and epochs are
 * counted instead of named, so that a comparison has to match {@link Position#life()} with the epoch seen.
 */
final class StreamModel {

    /** A place in one life of the stream; life 0 is no stream. */
    record Position(long offset, int life) {}

    record Published(Position position, Suppression suppression) {}

    record Read(List<String> texts, Position position) {}

    private record Kept(long offset, String text) {}

    private record Answered(Position position, long untilMillis) {}

    private long nowMillis;

    private int life;

    private long endsAtMillis;

    private long top;

    private long version;

    private String versionEpoch = "";

    private List<Kept> kept = List.of();

    private long keptUntilMillis;

    private final Map<String, Answered> answered = new HashMap<>();

    void pass(long millis) {
        nowMillis += millis;
        if (nowMillis >= keptUntilMillis) {
            kept = List.of();
        }
    }

    Published publish(String text, AppendOptions options) {
        Answered first = answered.get(options.idempotencyKey());
        if (first != null && nowMillis < first.untilMillis()) {
            return new Published(first.position(), Suppression.IDEMPOTENCY_KEY);
        }
        Position position = new Position(0, 0);
        HistoryOptions history = options.history();
        if (history.enabled()) {
            use(history);
            boolean comparable =
                    options.versionEpoch().isEmpty() || options.versionEpoch().equals(versionEpoch);
            if (options.version() > 0 && comparable && options.version() <= version) {
                return new Published(new Position(top, life), Suppression.VERSION);
            }
            if (options.version() > 0) {
                version = options.version();
                versionEpoch = options.versionEpoch();
            }
            top++;
            List<Kept> all = new ArrayList<>(kept);
            all.add(new Kept(top, text));
            kept = all.subList(Math.max(0, all.size() - history.size()), all.size());
            keptUntilMillis = nowMillis + history.ttl().toMillis();
            position = new Position(top, life);
        }
        if (!options.idempotencyKey().isEmpty()) {
            long until = nowMillis + AppendOptions.IDEMPOTENCY_WINDOW.toMillis();
            answered.put(options.idempotencyKey(), new Answered(position, until));
        }
        return new Published(position, Suppression.NONE);
    }

    Read read(HistoryQuery query, HistoryOptions history) {
        use(history);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < kept.size(); i++) {
            Kept next = kept.get(query.reverse() ? kept.size() - 1 - i : i);
            boolean wanted = query.since() == null
                    || (query.reverse()
                            ? next.offset() < query.since().offset()
                            : next.offset() > query.since().offset());
            if (wanted && (query.limit() < 0 || texts.size() < query.limit())) {
                texts.add(next.text());
            }
        }
        return new Read(texts, new Position(top, life));
    }

    void removeHistory() {
        kept = List.of();
    }

    /** Begins another life if the last one is over, and prolongs it. */
    private void use(HistoryOptions history) {
        if (nowMillis >= endsAtMillis) {
            life++;
            top = 0;
            version = 0;
            versionEpoch = "";
            kept = List.of();
        }
        endsAtMillis = nowMillis + history.metaTtl().toMillis();
    }
}
