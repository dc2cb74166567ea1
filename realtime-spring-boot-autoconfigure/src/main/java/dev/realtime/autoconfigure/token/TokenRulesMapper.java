package dev.realtime.autoconfigure.token;

import dev.realtime.auth.token.TokenRules;
import dev.realtime.autoconfigure.PropertyRules;
import dev.realtime.failure.ConfigurationProblemException;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/** Mapping of the properties about claims of tokens to the rules of the core. */
final class TokenRulesMapper {

    private static final Pattern CLAIM = Pattern.compile("[a-zA-Z_]+");

    /** Claims that mean something else here. */
    private static final Set<String> TAKEN = Set.of(
            "exp",
            "nbf",
            "iat",
            "iss",
            "aud",
            "info",
            "b64info",
            "data",
            "b64data",
            "meta",
            "channel",
            "channels",
            "subs",
            "client",
            "expire_at",
            "override");

    private TokenRulesMapper() {}

    /** @throws ConfigurationProblemException if one is malformed, or two contradict each other */
    static TokenRules rules(TokenProperties token) {
        refuseBoth(token, "issuer", token.issuer(), token.issuerRegex());
        refuseBoth(token, "audience", token.audience(), token.audienceRegex());
        return new TokenRules(
                match(token, "issuer-regex", token.issuer(), token.issuerRegex()),
                match(token, "audience-regex", token.audience(), token.audienceRegex()),
                userIdClaim(token),
                token.requireExpiration(),
                PropertyRules.positiveBytes(token.prefix() + "max-size", token.maxSize(), "so no token would fit"),
                PropertyRules.notNegative(token.prefix() + "leeway", token.leeway()),
                false);
    }

    private static TokenRules.Match match(TokenProperties token, String regexName, String value, String regex) {
        return new TokenRules.Match(text(value), pattern(token.prefix() + regexName, regex));
    }

    private static @Nullable String text(String value) {
        return StringUtils.hasText(value) ? value : null;
    }

    private static void refuseBoth(TokenProperties token, String name, String value, String regex) {
        if (StringUtils.hasText(value) && StringUtils.hasText(regex)) {
            throw new ConfigurationProblemException(
                    token.prefix() + name + "-regex",
                    "`%1$s%2$s` and `%1$s%2$s-regex` are both set, and only one of them can apply."
                            .formatted(token.prefix(), name),
                    "Remove one of them.");
        }
    }

    private static @Nullable Pattern pattern(String property, String regex) {
        if (!StringUtils.hasText(regex)) {
            return null;
        }
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException malformed) {
            throw new ConfigurationProblemException(
                    property,
                    "`%s` is `%s`, which is not a regular expression: %s at index %d."
                            .formatted(property, regex, malformed.getDescription(), malformed.getIndex()),
                    "Correct the expression. In YAML, single quotes keep backslashes as they are.");
        }
    }

    private static String userIdClaim(TokenProperties token) {
        String claim = token.userIdClaim();
        if (!StringUtils.hasText(claim)) {
            return TokenRules.SUBJECT;
        }
        String property = token.prefix() + "user-id-claim";
        if (!CLAIM.matcher(claim).matches()) {
            throw new ConfigurationProblemException(
                    property,
                    "`%s` is `%s`, but the name of that claim consists of letters and underscores."
                            .formatted(property, claim),
                    "Set it to the name of a claim such as `user_id`, or remove it for `sub`.");
        }
        if (TAKEN.contains(claim)) {
            throw new ConfigurationProblemException(
                    property,
                    "`%s` is `%s`, but that claim has another meaning.".formatted(property, claim),
                    "Set it to the name of a claim such as `user_id`, or remove it for `sub`.");
        }
        return claim;
    }
}
