package dev.realtime.web;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Offers of permessage-deflate, the one extension there is, in the header {@code Sec-WebSocket-Extensions}
 * (<a href="https://www.rfc-editor.org/rfc/rfc7692#section-7.1">RFC 7692, section 7.1</a>).
 */
public final class DeflateOffers {

    /** Reply to an offer with which no side keeps a window for a connection. */
    public static final String WITHOUT_CONTEXT =
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    private static final Pattern COMMA = Pattern.compile(",");

    /** An offer with legal parameters. */
    private static final Pattern LEGAL = Pattern.compile(
            "permessage-deflate\\s*(?:;\\s*(?:(?:server|client)_no_context_takeover"
                    + "|(?:server|client)_max_window_bits\\s*=\\s*(?<quote>\"?)(?:[89]|1[0-5])\\k<quote>"
                    + "|client_max_window_bits)\\s*)*+",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern SMALL_WINDOW =
            Pattern.compile("server_max_window_bits\\s*=\\s*\"?(?:[89]|1[0-4])", Pattern.CASE_INSENSITIVE);

    private DeflateOffers() {}

    /**
     * Returns the offers with legal parameters, in the order of the client.
     *
     * @param lines values of the header
     */
    public static List<String> legal(List<String> lines) {
        return COMMA.splitAsStream(String.join(",", lines))
                .map(String::trim)
                .filter(LEGAL.asMatchPredicate())
                .toList();
    }

    /**
     * Returns whether one of the legal offers lets the server compress with the largest window, the only one that the
     * JDK has.
     *
     * @param lines values of the header
     */
    public static boolean acceptable(List<String> lines) {
        return legal(lines).stream()
                .anyMatch(offer -> !SMALL_WINDOW.matcher(offer).find());
    }
}
