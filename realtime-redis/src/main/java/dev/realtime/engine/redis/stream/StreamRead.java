package dev.realtime.engine.redis.stream;

import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.format.PublicationFormat;
import dev.realtime.engine.redis.format.UnreadableException;
import dev.realtime.engine.redis.monitor.GarbageLog;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Result of history.lua.
 *
 * @param publications in the order asked for, with consecutive offsets: where something in the stream is unreadable or
 *     missing, only those on the side of the newest are here, so that the rest is not mistaken for the whole
 * @param position of the stream; {@link StreamPosition#NONE} if there is none
 * @param past epochs of the stream that ended, oldest first
 */
public record StreamRead(List<Publication> publications, StreamPosition position, List<PastEpoch> past) {

    /**
     * @param reverse whether the newest come first
     * @param channel for messages
     */
    static StreamRead of(List<?> reply, boolean reverse, String channel, GarbageLog garbage) {
        long offset = (Long) reply.get(0);
        String epoch = text(reply.get(1));
        List<PastEpoch> past = PastEpoch.parse(text(reply.get(2)));
        StreamPosition position = epoch.isEmpty() ? StreamPosition.NONE : new StreamPosition(offset, epoch);
        return new StreamRead(publications((List<?>) reply.get(3), reverse, channel, garbage), position, past);
    }

    private static List<Publication> publications(
            List<?> entries, boolean reverse, String channel, GarbageLog garbage) {
        if (entries.isEmpty()) {
            return List.of();
        }
        List<Publication> publications = new ArrayList<>(entries.size());
        for (Object entry : entries) {
            Publication publication;
            try {
                publication = publication((List<?>) entry);
            } catch (UnreadableException e) {
                garbage.found(e.getMessage() + " in the stream", channel);
                if (reverse) {
                    break;
                }
                publications.clear();
                continue;
            }
            if (!publications.isEmpty()) {
                long last = publications.get(publications.size() - 1).offset();
                if (publication.offset() != (reverse ? last - 1 : last + 1)) {
                    garbage.found("a hole in the stream", channel);
                    if (reverse) {
                        break;
                    }
                    publications.clear();
                }
            }
            publications.add(publication);
        }
        return Collections.unmodifiableList(publications);
    }

    private static Publication publication(List<?> entry) {
        long offset = offset((byte[]) entry.get(0));
        List<?> fields = (List<?>) entry.get(1);
        byte[] name = (byte[]) fields.get(0);
        if (fields.size() != 2 || name.length != 1 || name[0] != 'p') {
            throw new UnreadableException("an entry with other fields");
        }
        return PublicationFormat.read((byte[]) fields.get(1), 0, offset);
    }

    /** Of an id of the form {@code offset-0}. */
    private static long offset(byte[] id) {
        String text = new String(id, StandardCharsets.US_ASCII);
        if (!text.endsWith("-0")) {
            throw new UnreadableException("an entry with another id");
        }
        try {
            return Long.parseLong(text, 0, text.length() - 2, 10);
        } catch (NumberFormatException e) {
            throw new UnreadableException("an entry with another id");
        }
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }
}
