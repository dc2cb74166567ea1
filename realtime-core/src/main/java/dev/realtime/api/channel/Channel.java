package dev.realtime.api.channel;

/**
 * A channel with what its namespace says about it.
 *
 * @param name whole name as clients write it
 * @param namespace empty for channels without one
 * @param options of the namespace
 */
public record Channel(String name, String namespace, ChannelOptions options) {

    /**
     * The same channel with some options replaced.
     *
     * @param overrides options that replace those of the namespace
     * @return a copy with the options
     */
    public Channel with(SubscribeOverrides overrides) {
        return overrides.equals(SubscribeOverrides.NONE) ? this : new Channel(name, namespace, options.with(overrides));
    }
}
