package dev.realtime.httpapi.command;

import dev.realtime.json.JsonOutput;
import dev.realtime.json.WireWriter;

/** Result of a command: one JSON object. */
@FunctionalInterface
public interface ApiResult {

    /** Empty object, for success without values. */
    ApiResult EMPTY = out -> {
        JsonOutput.open(out);
        JsonOutput.close(out);
    };

    /** Writes the object including its braces. */
    void write(WireWriter out);
}
