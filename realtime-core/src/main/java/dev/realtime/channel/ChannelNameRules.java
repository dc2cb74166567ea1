package dev.realtime.channel;

/**
 * Rules for channel names, with the names and defaults of Centrifugo.
 *
 * @param maxLength longest name a client may subscribe to, in bytes of UTF-8
 * @param privatePrefix names that begin so are only open with a subscription token
 * @param namespaceBoundary ends the namespace at the beginning of a name
 * @param userBoundary begins the list of admitted users at the end of a name
 * @param userSeparator separates them
 */
public record ChannelNameRules(
        int maxLength, String privatePrefix, String namespaceBoundary, String userBoundary, String userSeparator) {

    /** 255 bytes, {@code $}, {@code :}, {@code #}, {@code ,}. */
    public static final ChannelNameRules DEFAULTS = new ChannelNameRules(255, "$", ":", "#", ",");
}
