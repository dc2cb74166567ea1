package dev.realtime.httpapi.command;

import static dev.realtime.httpapi.field.ApiField.BASE64_DATA;
import static dev.realtime.httpapi.field.ApiField.DATA;
import static dev.realtime.httpapi.field.ApiField.DELTA;
import static dev.realtime.httpapi.field.ApiField.EXCEPT_CLIENT;
import static dev.realtime.httpapi.field.ApiField.EXCEPT_USER;
import static dev.realtime.httpapi.field.ApiField.IDEMPOTENCY_KEY;
import static dev.realtime.httpapi.field.ApiField.SKIP_HISTORY;
import static dev.realtime.httpapi.field.ApiField.TAGS;
import static dev.realtime.httpapi.field.ApiField.VERSION;
import static dev.realtime.httpapi.field.ApiField.VERSION_EPOCH;

import dev.realtime.api.PublishOptions;
import dev.realtime.httpapi.field.RequestData;
import dev.realtime.json.JsonInput;
import dev.realtime.json.MalformedJsonException;
import dev.realtime.protocol.json.JsonPayloads;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collector of the fields that publish and broadcast share. */
final class PublishFields {

    private RequestData data = RequestData.ABSENT;

    private Map<String, String> tags = Map.of();

    private String idempotencyKey = "";

    private boolean skipHistory;

    private long version;

    private String versionEpoch = "";

    private String exceptClient = "";

    private String exceptUser = "";

    private boolean delta;

    /** Reads the current field, and skips an unknown one. */
    void read(JsonInput json) throws MalformedJsonException {
        if (json.nameIs(DATA)) {
            data = data.withJson(JsonPayloads.read(json));
        } else if (json.nameIs(BASE64_DATA)) {
            data = data.withBase64(json.string(BASE64_DATA));
        } else if (json.nameIs(TAGS)) {
            tags = tags(json);
        } else if (json.nameIs(IDEMPOTENCY_KEY)) {
            idempotencyKey = json.string(IDEMPOTENCY_KEY);
        } else if (json.nameIs(SKIP_HISTORY)) {
            skipHistory = json.bool(SKIP_HISTORY);
        } else if (json.nameIs(DELTA)) {
            delta = json.bool(DELTA);
        } else if (json.nameIs(VERSION)) {
            version = json.uint64(VERSION);
        } else if (json.nameIs(VERSION_EPOCH)) {
            versionEpoch = json.string(VERSION_EPOCH);
        } else if (json.nameIs(EXCEPT_CLIENT)) {
            exceptClient = json.string(EXCEPT_CLIENT);
        } else if (json.nameIs(EXCEPT_USER)) {
            exceptUser = json.string(EXCEPT_USER);
        } else {
            json.skipValue();
        }
    }

    private static Map<String, String> tags(JsonInput json) throws MalformedJsonException {
        if (!json.openObject(TAGS)) {
            return Map.of();
        }
        Map<String, String> tags = new LinkedHashMap<>();
        String key = json.nextKey();
        while (key != null) {
            tags.put(key, json.string(TAGS));
            key = json.nextKey();
        }
        return tags;
    }

    RequestData data() {
        return data;
    }

    PublishOptions options() {
        PublishOptions options = PublishOptions.DEFAULTS
                .withIdempotencyKey(idempotencyKey)
                .withTags(tags)
                .withVersion(version, versionEpoch);
        options = exceptClient.isEmpty() ? options : options.exceptClient(exceptClient);
        options = exceptUser.isEmpty() ? options : options.exceptUser(exceptUser);
        options = delta ? options.withDelta() : options;
        return skipHistory ? options.withoutHistory() : options;
    }
}
