package dev.realtime.channel;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All namespaces of a server: finds the options of a channel by its name, and knows the rules for names.
 *
 * <p>Names are opaque beyond what {@link ChannelNameRules} reads in them. The server API checks names only for their
 * namespace; the other rules are for clients.
 */
public final class Namespaces {

    private final ChannelNameRules rules;

    private final ChannelOptions withoutNamespace;

    private final Map<String, ChannelOptions> namespaces;

    private final @Nullable ChannelOptionsResolver resolver;

    /**
     * @param withoutNamespace options of channels without a namespace
     * @param namespaces name to options
     * @param resolver asked first; {@code null} for none
     * @throws IllegalArgumentException if a name or a combination of options is refused, with the rule that was broken
     */
    public Namespaces(
            ChannelNameRules rules,
            ChannelOptions withoutNamespace,
            Map<String, ChannelOptions> namespaces,
            @Nullable ChannelOptionsResolver resolver) {
        this.rules = rules;
        this.withoutNamespace = withoutNamespace;
        this.namespaces = Map.copyOf(namespaces);
        this.resolver = resolver;
    }

    /** The rules for names. */
    public ChannelNameRules rules() {
        return rules;
    }

    /** The channel of this name, or empty if it names a namespace that does not exist. */
    public Optional<Channel> find(String channel) {
        throw new IllegalStateException("being written");
    }

    /** Whether a client may use this name at all: the channel regex of the namespace if there is one, else ASCII. */
    public boolean admitsName(Channel channel) {
        throw new IllegalStateException("being written");
    }

    /** Whether a client may subscribe to a name of this length. */
    public boolean admitsLength(String channel) {
        throw new IllegalStateException("being written");
    }

    /** Whether the name begins with the private prefix, so that only a subscription token opens it. */
    public boolean isPrivate(String channel) {
        throw new IllegalStateException("being written");
    }

    /** Whether the namespace has user-limited channels and the name lists users. */
    public boolean isUserLimited(Channel channel) {
        throw new IllegalStateException("being written");
    }

    /** Whether a user-limited name lists this user. The empty user is never listed. */
    public boolean listsUser(Channel channel, String userId) {
        throw new IllegalStateException("being written");
    }

    /** Whether data may be published in the channel. */
    public static boolean admitsData(ChannelOptions options, dev.realtime.protocol.Payload data) {
        throw new IllegalStateException("being written");
    }
}
