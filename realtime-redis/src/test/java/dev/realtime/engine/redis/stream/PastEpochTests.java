package dev.realtime.engine.redis.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.generation.Generation;
import dev.realtime.engine.redis.stream.PastEpoch.Handover;
import dev.realtime.engine.redis.stream.PastEpoch.Open;
import dev.realtime.engine.redis.stream.PastEpoch.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * From which former epochs a stream continues, and what has to be known first. Letters stand for generations of Redis.
 */
class PastEpochTests {

    private static final StreamPosition TOP = at(12, epoch('z'));

    private final Map<Handover, Verdict> verdicts = new HashMap<>();

    private static String epoch(char generation) {
        return String.valueOf(generation).repeat(Generation.ID_LENGTH) + "000000000001";
    }

    private static Handover handover(char from, char to) {
        return new Handover(Generation.of(epoch(from)), Generation.of(epoch(to)));
    }

    /** Such as {@code "a,5,?;b,7,7;"}. */
    private static List<PastEpoch> past(String noted) {
        StringBuilder whole = new StringBuilder();
        for (String entry : noted.split(";")) {
            whole.append(epoch(entry.charAt(0))).append(entry.substring(1)).append(';');
        }
        return PastEpoch.parse(whole.toString());
    }

    private static StreamPosition at(long offset, String epoch) {
        return new StreamPosition(offset, epoch);
    }

    private List<StreamPosition> whole(String noted) {
        return PastEpoch.whole(past(noted), TOP, verdicts::get);
    }

    private List<Open> open(String noted, StreamPosition place) {
        return PastEpoch.open(past(noted), TOP, place, verdicts::get);
    }

    @Test
    void notedEpochsAreReadOldestFirst() {
        assertThat(PastEpoch.parse("a,5,?;b,7,7;"))
                .containsExactly(new PastEpoch("a", 5, PastEpoch.UNSETTLED), new PastEpoch("b", 7, 7));
        assertThat(PastEpoch.parse("")).isEmpty();
    }

    @Test
    void nothingBeforeGarbageCounts() {
        assertThat(PastEpoch.parse("a,5,5;b,x,7;c,9,9;")).containsExactly(new PastEpoch("c", 9, 9));
        assertThat(PastEpoch.parse("a,5,5;foreign")).isEmpty();
    }

    @Test
    void streamGoesOnFromEpochsThatEndedWholeUpToTheFirstThatDidNot() {
        assertThat(whole("a,3,3;b,5,6;c,7,7;d,9,4;")).containsExactly(at(12, epoch('d')), at(12, epoch('c')));
        assertThat(whole("a,3,3;b,5,?;")).isEmpty();
    }

    @Test
    void verdictOnAHandoverCountsForEpochsOfWhichNothingIsNoted() {
        verdicts.put(handover('a', 'b'), Verdict.WHOLE);
        verdicts.put(handover('b', 'z'), Verdict.WHOLE);

        assertThat(whole("a,3,?;b,5,?;")).containsExactly(at(12, epoch('b')), at(12, epoch('a')));

        verdicts.put(handover('b', 'z'), Verdict.LOST);
        assertThat(whole("a,3,?;b,5,?;")).isEmpty();
    }

    @Test
    void offsetsBeyondABoundaryCountOnlyIfEveryNodeAnsweredItself() {
        verdicts.put(handover('a', 'b'), Verdict.WHOLE);
        verdicts.put(handover('b', 'c'), Verdict.WHOLE_BUT_FOR_ABSENT);
        verdicts.put(handover('c', 'z'), Verdict.WHOLE);

        assertThat(whole("a,3,?;b,5,?;c,7,?;"))
                .containsExactly(at(12, epoch('c')), at(5, epoch('b')), at(5, epoch('a')));
    }

    @Test
    void handoversAreJudgedOnlyIfTheVerdictCanMatter() {
        String noted = "a,3,3;b,5,?;c,7,7;";
        Open open = new Open(epoch('b'), handover('b', 'c'));

        assertThat(open(noted, at(2, epoch('a')))).containsExactly(open);
        assertThat(open(noted, at(5, epoch('b')))).containsExactly(open);
        assertThat(open(noted, at(7, epoch('c')))).isEmpty();
        assertThat(open(noted, at(1, "unknown"))).isEmpty();
        assertThat(open(noted, null)).isEmpty();
        assertThat(open("a,3,?;b,5,6;", at(1, epoch('a')))).isEmpty();
        verdicts.put(handover('b', 'c'), Verdict.WHOLE);
        assertThat(open(noted, at(5, epoch('b')))).isEmpty();
    }

    @Test
    void subscribersGoOnUnlessALossIsNotedOrTheyHaveMore() {
        assertThat(PastEpoch.endsSince(past("a,3,?;b,5,?;"), at(3, epoch('a'))))
                .containsExactly(at(3, epoch('a')), at(5, epoch('b')));
        assertThat(PastEpoch.endsSince(past("a,3,?;b,5,?;"), at(4, epoch('a')))).isEmpty();
        assertThat(PastEpoch.endsSince(past("a,3,?;b,5,6;"), at(3, epoch('a')))).isEmpty();
        assertThat(PastEpoch.endsSince(past("a,3,4;b,5,?;"), at(5, epoch('b')))).containsExactly(at(5, epoch('b')));
        assertThat(PastEpoch.endsSince(past("a,3,?;"), at(1, "unknown"))).isEmpty();
    }

    @Test
    void lossIsKnownFromWhatIsNotedAndFromVerdicts() {
        StreamPosition top = at(12, epoch('z'));

        assertThat(PastEpoch.isLost(past("a,3,?;b,5,?;"), top, epoch('a'), verdicts::get))
                .isFalse();
        assertThat(PastEpoch.isLost(past("a,3,?;b,5,6;"), top, epoch('a'), verdicts::get))
                .isTrue();
        assertThat(PastEpoch.isLost(past("a,3,4;b,5,?;"), top, epoch('b'), verdicts::get))
                .isFalse();

        verdicts.put(handover('b', 'z'), Verdict.LOST);
        assertThat(PastEpoch.isLost(past("a,3,?;b,5,?;"), top, epoch('a'), verdicts::get))
                .isTrue();
        assertThat(PastEpoch.isLost(past("a,3,?;b,5,?;"), top, "unknown", verdicts::get))
                .isFalse();
    }
}
