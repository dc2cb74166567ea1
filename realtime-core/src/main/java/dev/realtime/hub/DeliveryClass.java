package dev.realtime.hub;

import dev.realtime.api.data.Publication;
import dev.realtime.api.data.TagsFilter;
import dev.realtime.spi.transport.WireForm;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Properties that subscribers of a channel have in common if they get the same bytes. What is the same for a class is
 * done once per executor: joining of frames, counting of references and statistics.
 *
 * @param form wire form of the connection
 * @param filter what publications must match; {@code null} for all
 * @param deltas whether publications may be sent as differences
 * @param compact whether pushes have a number instead of the channel
 */
public record DeliveryClass(WireForm form, @Nullable TagsFilter filter, boolean deltas, boolean compact) {

    private static final DeliveryClass[] PLAIN = ofEachForm(false, false);

    private static final DeliveryClass[] WITH_DELTAS = ofEachForm(true, false);

    private static final DeliveryClass[] COMPACT = ofEachForm(false, true);

    private static DeliveryClass[] ofEachForm(boolean deltas, boolean compact) {
        return Arrays.stream(WireForm.values())
                .map(form -> new DeliveryClass(form, null, deltas, compact))
                .toArray(DeliveryClass[]::new);
    }

    /** Returns the class of subscribers that get everything. */
    public static DeliveryClass of(WireForm form) {
        return PLAIN[form.ordinal()];
    }

    /**
     * Returns the class of subscribers.
     *
     * @param filter what publications must match; {@code null} for all
     * @param compact whether pushes have a number instead of the channel
     */
    public static DeliveryClass of(WireForm form, @Nullable TagsFilter filter, boolean compact) {
        if (filter != null) {
            return new DeliveryClass(form, filter, false, compact);
        }
        return compact ? COMPACT[form.ordinal()] : of(form);
    }

    /** Returns the class of subscribers that get everything, as differences where that is possible. */
    public static DeliveryClass withDeltas(WireForm form) {
        return WITH_DELTAS[form.ordinal()];
    }

    /** Returns whether the subscribers get a publication. */
    boolean passes(Publication publication) {
        return filter == null || filter.matches(publication.tags());
    }
}
