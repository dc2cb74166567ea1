package dev.realtime.command;

import dev.realtime.api.data.TagsFilter;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Filters of the subscriptions of this node, one object for all equal ones as long as a subscription has it. A thousand
 * clients that send the same filter hold it once. Called by any thread.
 */
final class SharedFilters {

    /** Guarded by this. */
    private final Map<TagsFilter, WeakReference<TagsFilter>> filters = new WeakHashMap<>();

    /** Returns the filter that all equal ones share. */
    synchronized TagsFilter share(TagsFilter filter) {
        WeakReference<TagsFilter> known = filters.get(filter);
        TagsFilter shared = known == null ? null : known.get();
        if (shared == null) {
            filters.put(filter, new WeakReference<>(filter));
            return filter;
        }
        return shared;
    }
}
