package org.dvs.kernel.internal.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.EndpointNumbers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Names finish the sentence "who waits for a process of another node, of which somebody has bound a stub here, …". The waiting
 * are on node 0, the process is on node 1.
 */
@Tag("R-CMD-14")
class AfarEndTest {
    private static final int FAR = 11;
    private static final long LONG_MS = 600_000;

    private final Nodes nodes = new Nodes(3);
    private final Program reader = nodes.bind(0, 0);
    private final Program watcher = nodes.bind(0, 1);
    private Program far = nodes.bind(1, FAR);
    private Heard received;
    private Heard ended;

    AfarEndTest() throws DvsException {
    }

    @BeforeEach
    void wait4it() {
        received = reader.receive(FAR);
        ended = watcher.wait4unbind(FAR, LONG_MS);
        nodes.settle();
        received.waits();
        ended.waits();
    }

    private void told() {
        nodes.settle();
        received.fails(ErrorCode.SRCDIED);
        ended.ok();
    }

    @Test
    void isToldOfItsEndAndTheStubStays() throws DvsException {
        far.close();
        told();
        assertEquals(1, nodes.kernel(0).process(Nodes.DC, FAR).node());
        assertEquals(0, reader.info().flags() | watcher.info().flags());
    }

    @Test
    void isToldOfAnEndThatHasBeenAlready() {
        far.close();
        told();
        wait4();
        told();
    }

    private void wait4() {
        received = reader.receive(FAR);
        ended = watcher.wait4unbind(FAR, LONG_MS);
    }

    @Test
    void waitsForTheNextOneAfterThat() throws DvsException {
        far.close();
        told();
        far = nodes.bindHere(1, FAR, BindKind.SELF, EndpointNumbers.LOCALNODE);
        wait4it();
        far.send(0, 7);
        nodes.settle();
        received.brings(FAR, 7);
        ended.waits();
        received = reader.receive(FAR);
        far.close();
        told();
    }

    @Test
    void isToldOfAnEndThatNobodyCouldSay() {
        nodes.link(0, 1).drop();
        received.fails(ErrorCode.NOTCONN);
        far.close();
        nodes.settle();
        ended.waits();
        nodes.link(0, 1).connect();
        nodes.settle();
        ended.ok();
    }

    @Test
    void isNotToldThatTheConnectionWasLostAndIsBack() {
        nodes.link(0, 1).drop();
        nodes.link(0, 1).connect();
        nodes.settle();
        ended.waits();
        received = reader.receive(FAR);
        nodes.settle();
        received.waits();
    }

    @Test
    void isToldOfTheEndOfItsDcThere() throws DvsException {
        nodes.kernel(1).dcEnd(Nodes.DC);
        told();
    }

    @Test
    void isToldWhyThatNodeDoesNotSayWhetherItHasEnded() throws DvsException {
        nodes.kernel(1).delNode(Nodes.DC, 0);
        nodes.link(0, 1).drop();
        nodes.link(0, 1).connect();
        nodes.settle();
        ended.fails(ErrorCode.NODCNODE);
        wait4();
        nodes.settle();
        received.fails(ErrorCode.NODCNODE);
        ended.fails(ErrorCode.NODCNODE);
        assertEquals(0, reader.info().flags() | watcher.info().flags());
        nodes.kernel(1).addNode(Nodes.DC, 0);
        wait4it();
        far.close();
        told();
    }

    @ParameterizedTest(name = "moved, in the order {0} {1} {2}")
    @CsvSource({"0, 1, 2", "0, 2, 1", "1, 0, 2", "1, 2, 0", "2, 0, 1", "2, 1, 0"})
    void isToldOfTheEndOfOneThatHasMoved(int first, int second, int third) throws DvsException {
        nodes.kernel(2).unbind(Nodes.DC, FAR);
        Program standBy = nodes.bindHere(2, FAR, BindKind.BACKUP, 1);
        far.receive(0);
        for (int node = 0; node < 3; node++) {
            nodes.kernel(node).migrateStart(Nodes.DC, FAR);
        }
        for (int node : new int[] {first, second, third}) {
            nodes.kernel(node).migrateCommit(node == 2 ? 100 : EndpointNumbers.NO_PID, Nodes.DC, FAR, 2);
            nodes.settle();
        }
        far.close();
        nodes.settle();
        received.waits();
        ended.waits();
        standBy.close();
        told();
    }

    @Test
    void isToldWhenItHasMovedAwayFromTheSameNode() throws DvsException {
        Program near = nodes.bindHere(0, 12, BindKind.SELF, EndpointNumbers.LOCALNODE);
        nodes.kernel(2).rmtbind(Nodes.DC, 12, "near", 0);
        Program standBy = nodes.bindHere(1, 12, BindKind.BACKUP, 0);
        Heard end = nodes.bind(0, 2).wait4unbind(12, LONG_MS);
        near.receive(0);
        for (int node = 0; node < 3; node++) {
            nodes.kernel(node).migrateStart(Nodes.DC, 12);
        }
        for (int node : new int[] {1, 0, 2}) {
            nodes.kernel(node).migrateCommit(node == 1 ? 100 : EndpointNumbers.NO_PID, Nodes.DC, 12, 1);
        }
        nodes.settle();
        end.waits();
        standBy.close();
        nodes.settle();
        end.ok();
    }

    @Test
    void costsOneQuestionHoweverOftenItWaits() {
        assertEquals(List.of(Command.PROCINFO), nodes.link(0, 1).delivered(1));
        for (int i = 0; i < 10; i++) {
            far.send(0, i);
            nodes.settle();
            received.brings(FAR, i);
            received = reader.receive(FAR);
            nodes.settle();
        }
        assertEquals(0, nodes.link(0, 1).delivered(1).stream().filter(code -> code == Command.PROCINFO).count());
        far.close();
        told();
    }
}
