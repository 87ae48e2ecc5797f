package org.dvs.cli.internal.render;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.NodeAnswer;
import org.dvs.api.dispatch.NodeState;
import org.dvs.cli.internal.Answers;
import org.dvs.cli.internal.Specs;
import org.dvs.cli.internal.words.Format;
import org.dvs.cli.internal.words.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** "Ten thousand rows …" */
class ManyRowsTest {
    private static final int NODES = 10;
    private static final int ROWS = 1_000;

    private static Answer big() {
        List<NodeAnswer> nodes = new ArrayList<>();
        for (int node = 0; node < NODES; node++) {
            List<List<Object>> rows = new ArrayList<>();
            for (int row = 0; row < ROWS; row++) {
                rows.add(Answers.row("/dev/sd" + row, (long) row << 20, row / 10.0, "/mount/" + node + '/' + row, (long) row));
            }
            nodes.add(new NodeAnswer("node" + node, NodeState.OK, 0, "", 1, rows));
        }
        return Answers.answer(Specs.DF, nodes.toArray(NodeAnswer[]::new));
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void areRenderedInNoTime(Format format) {
        View view = new View(format, true, List.of(), List.of(), List.of(), true, false);
        Answer answer = big();
        AtomicLong lines = new AtomicLong();
        AtomicLong longest = new AtomicLong();
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            long start = 0;
            for (int round = 0; round < 3; round++) {
                lines.set(0);
                start = System.nanoTime();
                AnswerRenderer.of(view, Screen.PIPE, line -> {
                    lines.incrementAndGet();
                    longest.accumulateAndGet(line.length(), Math::max);
                }).answer(answer, new RowView(Specs.DF.columns(), view));
            }
            System.out.println("10000 rows of 5 columns as " + format + ": " + lines + " lines in "
                    + (System.nanoTime() - start) / 1_000_000 + " ms (third round)");
        });
        assertTrue(lines.get() >= NODES * ROWS, "every row has a line");
        assertTrue(longest.get() < 1_000, "nothing is gathered in one giant line");
    }

    @Test
    void thatAllDifferAreComparedInBoundedTime() {
        View view = new View(Format.TABLE, true, List.of(), List.of(), List.of(), true, true);
        AtomicLong lines = new AtomicLong();
        assertTimeoutPreemptively(Duration.ofSeconds(20), () ->
                AnswerRenderer.of(view, Screen.PIPE, line -> lines.incrementAndGet())
                        .answer(big(), new RowView(Specs.DF.columns(), view)));
        assertTrue(lines.get() > NODES * ROWS, "the reference and the differences");
    }
}
