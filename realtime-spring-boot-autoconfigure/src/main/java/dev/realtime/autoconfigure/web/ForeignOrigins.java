package dev.realtime.autoconfigure.web;

import dev.realtime.web.OriginRule;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Origins of pages that anyone can publish: those of unrelated hosts, and {@code null}, which every page can make a
 * browser send. An entry of {@code realtime.client.allowed-origins} that admits one of them admits everyone, in any
 * spelling.
 */
final class ForeignOrigins {

    /** Unrelated domain, to which a pattern could extend a name: {@code https://app*} admits a host below it. */
    private static final String ELSEWHERE = "elsewhere.test";

    private static final Pattern AT_ELSEWHERE =
            Pattern.compile("[a-z][a-z0-9+.-]*://([^/:?#@]+\\.)?elsewhere\\.test(:\\d+)?", Pattern.CASE_INSENSITIVE);

    /** Text that can be between the text before a star and a host. */
    private static final List<String> BOUNDARIES = List.of("", ".", "//", "://");

    private static final List<String> OTHER_STARS = List.of("", "k", "1", "https://k", ":1");

    private static final List<String> SCHEMES = List.of("https://", "http://");

    private static final List<String> DOMAINS = List.of(".com", ".net", ".org", ".io", ".dev", ".co.uk", ".test", "");

    private static final List<String> PORTS = List.of("", ":8443");

    /** Maximum length of a label in DNS. */
    private static final int MAX_LABEL_LENGTH = 63;

    /** Alternatives of a glob that have none inside. */
    private static final Pattern ALTERNATIVES = Pattern.compile("\\{([^{}]*)}");

    /** Part of an entry after the host. */
    private static final Pattern PORT = Pattern.compile(":(\\*|\\?+|[0-9]+|\\[[^]]*])$");

    /**
     * Host of which anyone can register a name, because its star is in the last label or the one before: {@code *.xyz},
     * {@code shop*.com}. Hosts below {@code localhost} are those of the user's machine, and no domain is a number.
     */
    private static final Pattern REGISTRABLE = Pattern.compile(
            ".*\\*(?!(?:[^.]*\\.)?(?:localhost|\\d+)$)[^.*/:]*(\\.[^.*/:]+)?", Pattern.CASE_INSENSITIVE);

    private ForeignOrigins() {}

    /** Returns whether a page of an unrelated host may connect. */
    static boolean admittedBy(String entry) {
        OriginRule rule = new OriginRule(List.of(entry));
        if (alternatives(entry)
                .map(origin -> PORT.matcher(origin).replaceFirst(""))
                .anyMatch(origin -> REGISTRABLE.matcher(origin).matches())) {
            return true;
        }
        return Stream.of(Stream.of("null"), strangers(), extended(entry))
                .flatMap(origins -> origins)
                .anyMatch(rule::lists);
    }

    /** Hosts of all lengths, of letters and of digits, under some well-known domains. */
    private static Stream<String> strangers() {
        return SCHEMES.stream()
                .flatMap(scheme -> PORTS.stream()
                        .flatMap(port -> DOMAINS.stream()
                                .flatMap(domain -> IntStream.rangeClosed(2, MAX_LABEL_LENGTH)
                                        .boxed()
                                        .flatMap(length -> Stream.of("a", "z", "7")
                                                .map(letter -> scheme + letter.repeat(length) + domain + port)))));
    }

    /** Returns the entry, or a glob with each of its alternatives. */
    private static Stream<String> alternatives(String entry) {
        return entry.startsWith(OriginRule.GLOB)
                ? expanded(entry.substring(OriginRule.GLOB.length()).replaceAll("\\\\.", "k"))
                : Stream.of(entry);
    }

    private static Stream<String> expanded(String glob) {
        Matcher innermost = ALTERNATIVES.matcher(glob);
        return innermost.find()
                ? Arrays.stream(innermost.group(1).split(",", -1))
                        .flatMap(one ->
                                expanded(glob.substring(0, innermost.start()) + one + glob.substring(innermost.end())))
                : Stream.of(glob);
    }

    /** Returns origins that the entry matches if one of its stars matches the rest of an unrelated host. */
    private static Stream<String> extended(String entry) {
        String plain = entry.startsWith(OriginRule.GLOB)
                ? entry.substring(OriginRule.GLOB.length())
                        .replaceAll("\\{([^,}]*)[^}]*}", "$1")
                        .replaceAll("\\[!([^]])[^]]*]", "k")
                        .replaceAll("\\[([^]])[^]]*]", "$1")
                        .replace("?", "k")
                : entry.replaceAll(":\\[\\*]$", "").replaceAll(":\\[(\\d+)[^]]*]$", ":$1");
        return IntStream.range(0, plain.length())
                .filter(at -> plain.charAt(at) == '*')
                .boxed()
                .flatMap(at -> OTHER_STARS.stream()
                        .flatMap(before -> OTHER_STARS.stream()
                                .flatMap(after -> BOUNDARIES.stream()
                                        .map(boundary -> plain.substring(0, at).replace("*", before)
                                                + boundary
                                                + ELSEWHERE
                                                + plain.substring(at + 1).replace("*", after)))))
                .filter(origin -> AT_ELSEWHERE.matcher(origin).matches());
    }
}
