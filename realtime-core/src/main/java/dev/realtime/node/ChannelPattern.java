package dev.realtime.node;

import dev.realtime.api.RealtimeException;
import dev.realtime.api.client.ClientError;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * Glob over whole channel names: {@code *} stands for any text, {@code ?} for one character, {@code [a-z]} and
 * {@code [!a-z]} for one of a class, {@code {a,b}} for one of several globs, a backslash takes the next character as it
 * is.
 *
 * <p>A name is matched in one pass that follows all readings of the glob at the same time, so that the time is at most
 * the product of both lengths: no glob makes it try one reading after the other. Not for use by several threads, since
 * what one name takes serves the next.
 */
final class ChannelPattern implements Predicate<String> {

    /** Longest pattern, in characters. */
    private static final int MAX_LENGTH = 255;

    private final List<Step> steps;

    /** Steps reached so far, and those after one more character. */
    private final BitSet places;

    private final BitSet otherPlaces;

    private ChannelPattern(List<Step> steps) {
        this.steps = steps;
        this.places = new BitSet(steps.size() + 1);
        this.otherPlaces = new BitSet(steps.size() + 1);
    }

    /**
     * @param pattern empty matches every name
     * @throws RealtimeException with error 107 if it is no glob
     */
    static Predicate<String> compile(String pattern) {
        if (pattern.isEmpty()) {
            return name -> true;
        }
        if (pattern.length() > MAX_LENGTH) {
            throw refused("it is longer than " + MAX_LENGTH + " characters");
        }
        return new ChannelPattern(new Parser(pattern).parse());
    }

    private static RealtimeException refused(String why) {
        return new RealtimeException(
                ClientError.BAD_REQUEST,
                "The channel pattern is not a valid glob: " + why + ". Correct it, or" + " leave it empty.");
    }

    @Override
    public boolean test(String name) {
        BitSet here = places;
        BitSet after = otherPlaces;
        here.clear();
        reach(0, here);
        for (int at = 0; at < name.length() && !here.isEmpty(); ) {
            int character = name.codePointAt(at);
            at += Character.charCount(character);
            after.clear();
            for (int step = here.nextSetBit(0); step >= 0; step = here.nextSetBit(step + 1)) {
                if (step < steps.size()) {
                    take(character, step, after);
                }
            }
            BitSet spare = here;
            here = after;
            after = spare;
        }
        return here.get(steps.size());
    }

    private void take(int character, int at, BitSet reached) {
        Step step = steps.get(at);
        if (step instanceof Any) {
            reach(at, reached);
        } else if (step instanceof One one && one.admits().test(character)) {
            reach(at + 1, reached);
        }
    }

    /** Adds a step, and all that follow it without taking a character. */
    private void reach(int at, BitSet reached) {
        if (reached.get(at)) {
            return;
        }
        reached.set(at);
        if (at == steps.size()) {
            return;
        }
        Step step = steps.get(at);
        if (step instanceof Any) {
            reach(at + 1, reached);
        } else if (step instanceof Fork fork) {
            fork.targets().forEach(target -> reach(target, reached));
        }
    }

    /** Requirement of the glob at one position. The position after the last step is the end of the name. */
    private sealed interface Step {}

    /** One character, then the next step. */
    private record One(IntPredicate admits) implements Step {}

    /** Any text, then the next step. */
    private record Any() implements Step {}

    /** Continues at each of these steps. */
    private record Fork(List<Integer> targets) implements Step {}

    /** Turns the text of a glob into steps. */
    private static final class Parser {

        private final int[] pattern;

        private final List<Step> steps = new ArrayList<>();

        private int next;

        Parser(String pattern) {
            this.pattern = pattern.codePoints().toArray();
        }

        List<Step> parse() {
            sequence(false);
            return steps;
        }

        /** Reads up to the end, or up to the comma or brace that ends an alternative. */
        private void sequence(boolean alternative) {
            while (next < pattern.length) {
                int c = pattern[next];
                if (alternative && (c == ',' || c == '}')) {
                    return;
                }
                next++;
                switch (c) {
                    case '*' -> steps.add(new Any());
                    case '?' -> steps.add(new One(any -> true));
                    case '[' -> characterClass();
                    case '{' -> alternatives();
                    case '\\' -> literal(escaped());
                    default -> literal(c);
                }
            }
        }

        private void literal(int character) {
            steps.add(new One(c -> c == character));
        }

        private int escaped() {
            if (next == pattern.length) {
                throw refused("it ends with a backslash");
            }
            return pattern[next++];
        }

        private void alternatives() {
            List<Integer> starts = new ArrayList<>();
            List<Integer> ends = new ArrayList<>();
            steps.add(new Fork(starts));
            int separator;
            do {
                starts.add(steps.size());
                sequence(true);
                if (next == pattern.length) {
                    throw refused("a { has no closing }");
                }
                separator = pattern[next++];
                steps.add(new Fork(ends));
            } while (separator == ',');
            ends.add(steps.size());
        }

        private void characterClass() {
            boolean negated = next < pattern.length && pattern[next] == '!';
            if (negated) {
                next++;
            }
            IntPredicate members = null;
            while (next < pattern.length && pattern[next] != ']') {
                IntPredicate member = member();
                members = members == null ? member : members.or(member);
            }
            if (next == pattern.length) {
                throw refused("a [ has no closing ]");
            }
            next++;
            if (members == null) {
                throw refused("a class of characters is empty");
            }
            steps.add(new One(negated ? members.negate() : members));
        }

        /** A character or a range of a class. A hyphen that is first or last stands for itself. */
        private IntPredicate member() {
            int first = memberCharacter();
            boolean range = next + 1 < pattern.length && pattern[next] == '-' && pattern[next + 1] != ']';
            if (!range) {
                return c -> c == first;
            }
            next++;
            int last = memberCharacter();
            if (last < first) {
                throw refused("a range of a class ends before it begins");
            }
            return c -> first <= c && c <= last;
        }

        private int memberCharacter() {
            int c = pattern[next++];
            return c == '\\' ? escaped() : c;
        }
    }
}
