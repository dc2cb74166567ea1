package dev.realtime.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.delta.FossilPatches;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class DeltaChainTests {

    private final DeltaChain.Budget budget = new DeltaChain.Budget(1_000);

    private final DeltaChain chain = new DeltaChain(budget);

    private static Publication publication(int number) {
        return Publication.of(Payload.ofText("\"a text of some length that differs in a number only: " + number + "\""))
                .withDelta(Publication.Delta.ALLOWED);
    }

    private DeltaChain.Link add(int number, StreamPosition position) {
        return Objects.requireNonNull(chain.add(publication(number), position));
    }

    @Test
    void patchIsForThePublicationBefore() {
        DeltaChain.Link first = add(1, new StreamPosition(1, "e"));
        DeltaChain.Link second = add(2, new StreamPosition(2, "e"));

        assertThat(first.patch()).isNull();
        assertThat(first.baseNumber()).isZero();
        assertThat(second.patch()).isNotNull();
        assertThat(second.baseNumber()).isEqualTo(first.number());
        assertThat(second.basePosition()).isEqualTo(new StreamPosition(1, "e"));
        assertThat(FossilPatches.apply(publication(1).data().bytes(), second.patch()))
                .isEqualTo(publication(2).data().bytes());
    }

    @Test
    void publicationIsWholeBehindAHoleOrInAnotherEpoch() {
        add(1, new StreamPosition(1, "e"));

        assertThat(add(3, new StreamPosition(3, "e")).patch()).isNull();
        assertThat(add(4, new StreamPosition(4, "f")).patch()).isNull();
        assertThat(add(5, new StreamPosition(5, "f")).patch()).isNotNull();
    }

    @Test
    void publicationsWithoutHistoryAreInTheChain() {
        add(1, new StreamPosition(1, "e"));
        DeltaChain.Link passing = add(2, StreamPosition.NONE);
        DeltaChain.Link kept = add(3, new StreamPosition(2, "e"));

        assertThat(passing.patch()).isNotNull();
        assertThat(kept.baseNumber()).isEqualTo(passing.number());
        assertThat(kept.basePosition()).isEqualTo(StreamPosition.NONE);
    }

    @Test
    void dataBeyondTheBudgetIsNotKept() {
        DeltaChain another = new DeltaChain(budget);
        another.add(Publication.of(Payload.of(new byte[990])), StreamPosition.NONE);

        add(1, StreamPosition.NONE);
        assertThat(add(2, StreamPosition.NONE).patch()).isNull();
        assertThat(budget.kept()).isEqualTo(990);

        another.close();
        add(3, StreamPosition.NONE);
        assertThat(add(4, StreamPosition.NONE).patch()).isNotNull();
    }

    @Test
    void nothingIsKeptOnceItIsClosed() {
        add(1, StreamPosition.NONE);

        chain.close();

        assertThat(budget.kept()).isZero();
        assertThat(chain.add(publication(2), StreamPosition.NONE)).isNull();
        assertThat(budget.kept()).isZero();
    }
}
