package dev.realtime.channel;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.channel.ChannelOptionsResolver;
import dev.realtime.failure.ConfigurationProblemException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All namespaces of a server: finds the options of a channel by its name, and knows the rules for names.
 *
 * <p>Names are opaque beyond what {@link ChannelNameRules} reads in them. The server API checks names only for their
 * namespace; the other rules are for clients. Safe for any number of threads.
 */
public final class Namespaces {

    private final ChannelNameRules rules;

    private final ChannelOptions withoutNamespace;

    private final Map<String, ChannelOptions> namespaces;

    private final @Nullable ValidatingOptionsResolver resolver;

    /**
     * @param withoutNamespace options of channels without a namespace
     * @param namespaces name to options
     * @param resolver asked first; {@code null} for none. Namespaces that it returns with options that would be refused
     *     here do not exist, which is logged as an error once
     * @throws ConfigurationProblemException if a name or a combination of options is refused, with the rule that was
     *     broken
     */
    public Namespaces(
            ChannelNameRules rules,
            ChannelOptions withoutNamespace,
            Map<String, ChannelOptions> namespaces,
            @Nullable ChannelOptionsResolver resolver) {
        refuse(OptionRules.violation(rules));
        refuse(OptionRules.violation("", withoutNamespace));
        namespaces.forEach((name, options) -> {
            refuse(OptionRules.violation(name, rules));
            refuse(OptionRules.violation(name, options));
        });
        this.rules = rules;
        this.withoutNamespace = withoutNamespace;
        this.namespaces = Map.copyOf(namespaces);
        this.resolver = resolver == null ? null : new ValidatingOptionsResolver(resolver);
    }

    private static void refuse(Optional<ConfigurationProblemException> violation) {
        if (violation.isPresent()) {
            throw violation.get();
        }
    }

    /** The rules for names. */
    public ChannelNameRules rules() {
        return rules;
    }

    /** The channel of this name, or empty if it names a namespace that does not exist. */
    public Optional<Channel> find(String channel) {
        String namespace = namespaceOf(channel);
        ChannelOptions options = optionsOf(namespace);
        return options == null ? Optional.empty() : Optional.of(new Channel(channel, namespace, options));
    }

    private @Nullable ChannelOptions optionsOf(String namespace) {
        ChannelOptions configured = namespace.isEmpty() ? withoutNamespace : namespaces.get(namespace);
        return resolver == null ? configured : resolver.resolve(namespace, configured);
    }

    /** What is before the first boundary, one private prefix left out; empty without a boundary. */
    private String namespaceOf(String channel) {
        int end = boundaryOf(channel);
        return end < 0 ? "" : channel.substring(prefixLength(channel), end);
    }

    /** Index of the boundary that ends the namespace, negative if there is none. */
    private int boundaryOf(String channel) {
        String boundary = rules.namespaceBoundary();
        return boundary.isEmpty() ? -1 : channel.indexOf(boundary, prefixLength(channel));
    }

    private int prefixLength(String channel) {
        return channel.startsWith(rules.privatePrefix()) ? rules.privatePrefix().length() : 0;
    }

    /**
     * Returns whether a client may use this name at all: the channel regex of the namespace if there is one, else
     * ASCII.
     *
     * <p>The regex is searched in what follows the namespace, or in the whole name where there is none, as in
     * Centrifugo: one that is to match the whole has to say so with {@code ^} and {@code $}. Unlike there, a name too
     * long to be subscribed to is refused unseen, because a regex of Java may take time and stack that grow faster than
     * the name.
     */
    public boolean admitsName(Channel channel) {
        Pattern regex = channel.options().channelRegex();
        if (regex == null) {
            return isAscii(channel.name());
        }
        return admitsLength(channel.name())
                && regex.matcher(afterNamespace(channel.name())).find();
    }

    private String afterNamespace(String channel) {
        int boundary = boundaryOf(channel);
        return boundary < 0
                ? channel
                : channel.substring(boundary + rules.namespaceBoundary().length());
    }

    private static boolean isAscii(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) > 0x7F) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether a client may subscribe to a name of this length. */
    public boolean admitsLength(String channel) {
        return channel.length() <= rules.maxLength() && utf8Length(channel) <= rules.maxLength();
    }

    /**
     * Bytes of the name in UTF-8. Half of a surrogate pair counts as the three bytes of the character that replaces it.
     */
    private static int utf8Length(String name) {
        int bytes = name.length();
        for (int i = 0; i < name.length(); i++) {
            char unit = name.charAt(i);
            if (unit > 0x7FF) {
                bytes += 2;
                if (Character.isHighSurrogate(unit)
                        && i + 1 < name.length()
                        && Character.isLowSurrogate(name.charAt(i + 1))) {
                    i++; // Four bytes for two units: two more than counted, as just added.
                }
            } else if (unit > 0x7F) {
                bytes++;
            }
        }
        return bytes;
    }

    /** Returns whether the name begins with the private prefix, so that only a subscription token opens it. */
    public boolean isPrivate(String channel) {
        return !rules.privatePrefix().isEmpty() && channel.startsWith(rules.privatePrefix());
    }

    /** Returns whether the namespace has user-limited channels and the name lists users. */
    public boolean isUserLimited(Channel channel) {
        return channel.options().allowUserLimitedChannels()
                && !rules.userBoundary().isEmpty()
                && channel.name().contains(rules.userBoundary());
    }

    /**
     * Returns whether a user-limited name lists this user after its last user boundary. The empty user is never listed,
     * unlike in Centrifugo, where {@code x#} admits it.
     */
    public boolean listsUser(Channel channel, String userId) {
        if (userId.isEmpty() || !isUserLimited(channel)) {
            return false;
        }
        String name = channel.name();
        String separator = rules.userSeparator();
        int from = name.lastIndexOf(rules.userBoundary()) + rules.userBoundary().length();
        while (!separator.isEmpty()) {
            int to = name.indexOf(separator, from);
            if (to < 0) {
                break;
            }
            if (to - from == userId.length() && name.startsWith(userId, from)) {
                return true;
            }
            from = to + separator.length();
        }
        return name.length() - from == userId.length() && name.startsWith(userId, from);
    }
}
