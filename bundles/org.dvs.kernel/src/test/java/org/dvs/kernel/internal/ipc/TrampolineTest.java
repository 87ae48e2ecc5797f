package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.Endpoint.FOREVER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Programs that go on causing each other's calls to end keep nobody else's thread. */
@Tag("R-CMD-14")
class TrampolineTest {
    /** As often as a message is passed on where nothing ends that. */
    private static final int FOR_EVER = 100_000;
    /** Far more than a thread is kept by, and far less than for ever. */
    private static final int MANY = 2_000;

    private final Nodes nodes = new Nodes(1);
    private final KernelCore kernel = nodes.kernel(0);
    private final Program a = nodes.bind(0, 10);
    private int passed;

    TrampolineTest() throws DvsException {
    }

    /** Two handlers that pass on whatever they get, to each other. */
    private void pair(int one, int other) throws DvsException {
        passesOn(one, other);
        passesOn(other, one);
    }

    private void passesOn(int endpoint, int to) throws DvsException {
        kernel.bindHandler(Nodes.DC, endpoint, "h" + endpoint, (message, self) -> {
            passed++;
            if (passed < FOR_EVER) {
                self.send(to, new Message().set(message), FOREVER, rcode -> { });
            }
        });
    }

    @Test
    void aThreadThatGaveAMessageToHandlersIsNotKeptWhileTheyPassItOn() throws DvsException {
        pair(20, 21);
        a.send(20, 1).ok();
        assertTrue(passed <= 1 + 64, "kept for " + passed);
        List<Runnable> handed = nodes.takeHanded();
        assertEquals(1, handed.size());
        int before = passed;
        handed.get(0).run();
        assertTrue(passed > before && passed <= MANY, "kept for " + passed);
        Program b = nodes.bind(0, 11);
        passed = FOR_EVER;
        nodes.takeHanded().forEach(Runnable::run);
        b.send(20, 1).ok();
        b.send(21, 1).ok();
    }

    @Test
    void norWhileTheyTakeFromEachOtherWhatWaits() throws DvsException {
        pair(20, 21);
        for (int i = 0; i < 4; i++) {
            nodes.bind(0, 11 + i).send(20 + i % 2, 1);
        }
        for (int i = 1; i < 10; i++) {
            assertTrue(passed <= i * MANY, "kept for " + passed);
            List<Runnable> handed = nodes.takeHanded();
            assertFalse(handed.isEmpty(), "they go on");
            handed.forEach(Runnable::run);
        }
    }

    @Test
    void programsThatAreNoHandlersNeither() throws DvsException {
        Program b = nodes.bind(0, 11);
        receivesAndSends(a, 11);
        receivesAndSends(b, 10);
        nodes.bind(0, 12).send(10, 1).ok();
        assertTrue(passed <= 1 + 64, "kept for " + passed);
        assertEquals(1, nodes.takeHanded().size());
    }

    private void receivesAndSends(Program program, int to) {
        program.self.receive(EndpointNumbers.ANY, new Message(), FOREVER, rcode -> {
            passed++;
            if (passed < FOR_EVER) {
                program.self.send(to, new Message(), FOREVER, sent -> receivesAndSends(program, to));
            }
        });
    }

    @Test
    void allThatAThreadEndsItselfIsToldWhenItGoesOn() throws DvsException {
        List<Heard> waiting = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            waiting.add(nodes.bind(0, 11 + i).sendrec(10, i).waits());
        }
        kernel.dcEnd(Nodes.DC);
        assertTrue(waiting.stream().allMatch(Heard::hasEnded));
        assertTrue(nodes.takeHanded().isEmpty());
    }
}
