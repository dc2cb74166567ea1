package dev.realtime.handler.declaration;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Pattern of channel names with variables, such as {@code chat:{room}}. A variable matches one or more characters other
 * than a colon; {@code {room:[a-z]+}} matches the expression; {@code {*rest}}, at the end only, matches the remainder.
 */
public final class ChannelTemplate {

    /**
     * Order that puts the most specific pattern first: without a catch-all, with fewer variables, with more literal
     * text; then alphabetical.
     */
    public static final Comparator<ChannelTemplate> MOST_SPECIFIC_FIRST = Comparator.comparing(
                    (ChannelTemplate template) -> template.catchesAll)
            .thenComparing(template -> template.variables.size())
            .thenComparing(template -> -template.literalLength)
            .thenComparing(template -> template.text);

    private final String text;

    private final Pattern pattern;

    private final List<String> variables;

    private final boolean catchesAll;

    private final int literalLength;

    private final String shape;

    private ChannelTemplate(
            String text, Pattern pattern, List<String> variables, boolean catchesAll, int literalLength, String shape) {
        this.text = text;
        this.pattern = pattern;
        this.variables = variables;
        this.catchesAll = catchesAll;
        this.literalLength = literalLength;
        this.shape = shape;
    }

    /**
     * @throws IllegalArgumentException if the pattern is malformed; the message completes a sentence about the method
     */
    public static ChannelTemplate parse(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("has an empty channel pattern");
        }
        return new Parser(text).parse();
    }

    /** Returns the values of the variables in a channel name, or {@code null} if the name does not match. */
    @Nullable
    public Map<String, String> match(String channel) {
        Matcher matcher = pattern.matcher(channel);
        if (!matcher.matches()) {
            return null;
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < variables.size(); i++) {
            values.put(variables.get(i), matcher.group(groupOf(i)));
        }
        return values;
    }

    public List<String> variables() {
        return variables;
    }

    /** Returns a text that is equal for templates that match the same names, regardless of variable names. */
    public String shape() {
        return shape;
    }

    /** Returns the text before the first variable. */
    public String literalPrefix() {
        int variable = text.indexOf('{');
        return variable < 0 ? text : text.substring(0, variable);
    }

    @Override
    public String toString() {
        return text;
    }

    /** Returns a generated group name, so that groups in the application's expressions do not interfere. */
    private static String groupOf(int variable) {
        return "channelVariable" + variable;
    }

    private static final class Parser {

        private final String text;

        private final StringBuilder regex = new StringBuilder();

        private final StringBuilder shape = new StringBuilder();

        private final List<String> variables = new ArrayList<>();

        private boolean catchesAll;

        private int literalLength;

        Parser(String text) {
            this.text = text;
        }

        ChannelTemplate parse() {
            int index = 0;
            while (index < text.length()) {
                char character = text.charAt(index);
                if (character == '{') {
                    int end = endOfVariable(index);
                    variable(text.substring(index + 1, end), end == text.length() - 1);
                    index = end + 1;
                } else if (character == '}' || character == '*') {
                    throw new IllegalArgumentException("has the channel pattern `%s` with an unmatched `%s` at index %d"
                            .formatted(text, character, index));
                } else {
                    regex.append(Pattern.quote(String.valueOf(character)));
                    shape.append(character);
                    literalLength++;
                    index++;
                }
            }
            return new ChannelTemplate(
                    text,
                    Pattern.compile(regex.toString(), Pattern.DOTALL),
                    List.copyOf(variables),
                    catchesAll,
                    literalLength,
                    shape.toString());
        }

        /** Returns the index of the closing brace; braces in the expression of a variable are balanced. */
        private int endOfVariable(int start) {
            int depth = 0;
            for (int index = start; index < text.length(); index++) {
                if (text.charAt(index) == '{') {
                    depth++;
                } else if (text.charAt(index) == '}' && --depth == 0) {
                    return index;
                }
            }
            throw new IllegalArgumentException(
                    "has the channel pattern `%s` with a variable that does not end".formatted(text));
        }

        private void variable(String content, boolean last) {
            boolean catchAll = content.startsWith("*");
            int colon = content.indexOf(':');
            String name = colon < 0 ? content.substring(catchAll ? 1 : 0) : content.substring(0, colon);
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                throw new IllegalArgumentException(
                        "has the channel pattern `%s` with a variable whose name is not a Java identifier"
                                .formatted(text));
            }
            if (variables.contains(name)) {
                throw new IllegalArgumentException(
                        "has the channel pattern `%s` with two variables named `%s`".formatted(text, name));
            }
            if (catchAll && !last) {
                throw new IllegalArgumentException(
                        "has the channel pattern `%s` with text after `{*%s}`, which matches the remainder"
                                .formatted(text, name));
            }
            String expression = catchAll ? ".+" : colon < 0 ? "[^:]+" : checked(content.substring(colon + 1));
            catchesAll |= catchAll;
            regex.append("(?<")
                    .append(groupOf(variables.size()))
                    .append('>')
                    .append(expression)
                    .append(')');
            shape.append('{').append(expression).append('}');
            variables.add(name);
        }

        private String checked(String expression) {
            try {
                return Pattern.compile(expression).pattern();
            } catch (PatternSyntaxException malformed) {
                throw new IllegalArgumentException("has the channel pattern `%s` with a malformed expression: %s"
                        .formatted(text, malformed.getDescription()));
            }
        }
    }
}
