package dev.realtime.api;

import java.util.Map;

/**
 * Options of one publish, none by default.
 *
 * @param idempotencyKey a repeat with this key in the same channel within five minutes is not delivered and returns the
 *     first result; empty for none
 * @param tags small key-value pairs beside the data
 * @param skipHistory delivered without offset and not kept
 * @param version not delivered when not above the last version of the channel; 0 is not compared
 * @param versionEpoch identity of the version counter
 */
public record PublishOptions(
        String idempotencyKey, Map<String, String> tags, boolean skipHistory, long version, String versionEpoch) {

    /** No options. */
    public static final PublishOptions DEFAULTS = new PublishOptions("", Map.of(), false, 0, "");

    public PublishOptions withIdempotencyKey(String idempotencyKey) {
        return new PublishOptions(idempotencyKey, tags, skipHistory, version, versionEpoch);
    }

    public PublishOptions withTags(Map<String, String> tags) {
        return new PublishOptions(idempotencyKey, Map.copyOf(tags), skipHistory, version, versionEpoch);
    }

    public PublishOptions withoutHistory() {
        return new PublishOptions(idempotencyKey, tags, true, version, versionEpoch);
    }

    public PublishOptions withVersion(long version, String versionEpoch) {
        return new PublishOptions(idempotencyKey, tags, skipHistory, version, versionEpoch);
    }
}
