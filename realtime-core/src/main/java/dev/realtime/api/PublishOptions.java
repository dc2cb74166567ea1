package dev.realtime.api;

import dev.realtime.api.data.Exclusion;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Options of one publish. Immutable; begin with {@link #DEFAULTS}.
 *
 * @see <a href="https://centrifugal.dev/docs/server/server_api#publish">Options of publish in the protocol</a>
 */
public final class PublishOptions {

    /** No key, no tags, no version, history as the namespace says. */
    public static final PublishOptions DEFAULTS =
            new PublishOptions(new Values("", Map.of(), false, 0, "", Exclusion.NONE, false));

    private final Values values;

    private PublishOptions(Values values) {
        this.values = values;
    }

    private record Values(
            String idempotencyKey,
            Map<String, String> tags,
            boolean skipHistory,
            long version,
            String versionEpoch,
            Exclusion exclusion,
            boolean delta) {}

    /**
     * Returns the options with an idempotency key.
     *
     * @param idempotencyKey a repeat with this key in the same channel within five minutes is not delivered and returns
     *     the first result; empty for none
     * @return other options
     */
    public PublishOptions withIdempotencyKey(String idempotencyKey) {
        return new PublishOptions(new Values(
                idempotencyKey,
                values.tags,
                values.skipHistory,
                values.version,
                values.versionEpoch,
                values.exclusion,
                values.delta));
    }

    /**
     * Returns the options with tags.
     *
     * @param tags small key-value pairs beside the data, which every subscriber gets in this order; empty for none
     * @return other options
     */
    public PublishOptions withTags(Map<String, String> tags) {
        return new PublishOptions(new Values(
                values.idempotencyKey,
                inOrder(tags),
                values.skipHistory,
                values.version,
                values.versionEpoch,
                values.exclusion,
                values.delta));
    }

    /**
     * Returns the options without history: the publication has no offset and is not kept, whatever the namespace says.
     *
     * @return other options
     */
    public PublishOptions withoutHistory() {
        return new PublishOptions(new Values(
                values.idempotencyKey,
                values.tags,
                true,
                values.version,
                values.versionEpoch,
                values.exclusion,
                values.delta));
    }

    /**
     * Returns the options with a version, which counts only in channels with history.
     *
     * @param version an unsigned number; the publication is not delivered when it is not above the last version of the
     *     channel with the same {@code versionEpoch}; 0 is not compared
     * @param versionEpoch identity of the version counter; empty compares with the last version of any
     * @return other options
     */
    public PublishOptions withVersion(long version, String versionEpoch) {
        return new PublishOptions(new Values(
                values.idempotencyKey,
                values.tags,
                values.skipHistory,
                version,
                versionEpoch,
                values.exclusion,
                values.delta));
    }

    /**
     * Returns the options without delivery to one connection, for instance the one that caused the publication. Call it
     * again for others. The connection does not get the publication live, by recovery or from the cache; a connection
     * of the same user that comes after it is another client and does. A client that may read history finds it there.
     *
     * @param clientId id of the connection, as in {@code ClientInfo}
     * @return other options
     * @throws IllegalArgumentException if the id is empty
     */
    public PublishOptions exceptClient(String clientId) {
        return except(values.exclusion.andClient(clientId));
    }

    /**
     * Returns the options without delivery to the connections of one user. Call it again for others. They do not get
     * the publication live, by recovery or from the cache. A client that may read history finds it there.
     *
     * @param userId id of the user
     * @return other options
     * @throws IllegalArgumentException if the id is empty
     */
    public PublishOptions exceptUser(String userId) {
        return except(values.exclusion.andUser(userId));
    }

    /**
     * Returns the options with which the publication may be sent as its difference to the one before, to subscribers
     * that asked for it. Without effect where the namespace allows no format of differences.
     *
     * @return other options
     */
    public PublishOptions withDelta() {
        return new PublishOptions(new Values(
                values.idempotencyKey,
                values.tags,
                values.skipHistory,
                values.version,
                values.versionEpoch,
                values.exclusion,
                true));
    }

    private PublishOptions except(Exclusion exclusion) {
        return new PublishOptions(new Values(
                values.idempotencyKey,
                values.tags,
                values.skipHistory,
                values.version,
                values.versionEpoch,
                exclusion,
                values.delta));
    }

    /**
     * Returns the key under which a repeat is recognized.
     *
     * @return a key; empty for none
     */
    public String idempotencyKey() {
        return values.idempotencyKey;
    }

    /**
     * Returns the key-value pairs beside the data.
     *
     * @return unmodifiable tags; empty for none
     */
    public Map<String, String> tags() {
        return values.tags;
    }

    /**
     * Returns whether the publication is delivered without an offset and not kept.
     *
     * @return false to keep it as the namespace says
     */
    public boolean skipHistory() {
        return values.skipHistory;
    }

    /**
     * Returns the version of the published state.
     *
     * @return an unsigned number; 0 for none
     */
    public long version() {
        return values.version;
    }

    /**
     * Returns the identity of the version counter.
     *
     * @return an epoch; empty for none
     */
    public String versionEpoch() {
        return values.versionEpoch;
    }

    /**
     * Returns the subscribers that do not get the publication.
     *
     * @return {@link Exclusion#NONE} if all get it
     */
    public Exclusion exclusion() {
        return values.exclusion;
    }

    /**
     * Returns whether the publication may be sent as its difference to the one before.
     *
     * @return false to send it so only if the namespace says it of all
     */
    public boolean delta() {
        return values.delta;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PublishOptions options && values.equals(options.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return "PublishOptions" + values.toString().substring("Values".length());
    }

    private static Map<String, String> inOrder(Map<String, String> tags) {
        Map<String, String> copy = new LinkedHashMap<>();
        tags.forEach((key, value) -> copy.put(Objects.requireNonNull(key), Objects.requireNonNull(value)));
        return Collections.unmodifiableMap(copy);
    }
}
