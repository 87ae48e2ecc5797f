package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.Endpoint.NOWAIT;
import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.HARDWARE;
import static org.dvs.kernel.api.EndpointNumbers.NO_PID;
import static org.dvs.kernel.api.EndpointNumbers.SELF;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.ProcessFlags;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The migrations of {@link MigrationCase}. */
@Tag("R-CMD-14")
class MigrationTest extends MigrationCase {

    MigrationTest() throws DvsException {
    }

    static Stream<Arguments> orders() {
        List<Arguments> orders = new ArrayList<>();
        for (List<Integer> order : List.of(List.of(A, B, C), List.of(A, C, B), List.of(B, A, C), List.of(B, C, A),
                List.of(C, A, B), List.of(C, B, A))) {
            orders.add(Arguments.of(order, true));
            orders.add(Arguments.of(order, false));
        }
        return orders.stream();
    }

    // ---- messages

    @ParameterizedTest(name = "commits in the order {0}, commands carried between them: {1}")
    @MethodSource("orders")
    void messagesAreHeldAndReplayedAndNeitherLostNorDoubled(List<Integer> order, boolean settle) throws DvsException {
        Heard blocked = p.receive(silent.number());
        clients(11);
        start();
        assertEquals(ProcessFlags.MIGRATING | ProcessFlags.RECEIVING, p.info().flags());
        clients(17);
        for (int node : order) {
            commit(node, B);
            if (settle) {
                nodes.settle();
            }
        }
        settleAll();
        assertEquals(ProcessFlags.REMOTE, p.info().flags());
        assertEquals(ProcessFlags.RMTBACKUP, p.info().misc() & ProcessFlags.RMTBACKUP);
        assertEquals(B, p.info().node());
        assertEquals(0, backup.info().flags());
        assertEquals(ProcessFlags.GRPLEADER, backup.info().misc());
        assertEquals(B, nodes.kernel(C).process(Nodes.DC, P).node());
        allServed(takeAll(backup));
        blocked.waits();
    }

    @Test
    void aRollbackGoesOnAsIfNothingHadBeen() throws DvsException {
        Heard blocked = p.receive(silent.number());
        clients(11);
        start();
        clients(17);
        rollback();
        settleAll();
        blocked.waits();
        assertEquals(ProcessFlags.RECEIVING, p.info().flags());
        assertEquals(ProcessFlags.REMOTE, backup.info().flags());
        assertEquals(A, nodes.kernel(C).process(Nodes.DC, P).node());
        silent.send(P, 1).ok();
        blocked.brings(silent.number(), 1);
        allServed(takeAll(p));
    }

    @Test
    void aProcessMayMoveBack() throws DvsException {
        p.receive(silent.number());
        start();
        commit();
        Heard there = backup.receive(silent.number());
        nodes.settle();
        there.waits();
        clients(11);
        start();
        for (int node : new int[] {A, C, B}) {
            commit(node, A);
            nodes.settle();
        }
        settleAll();
        assertEquals(ProcessFlags.RECEIVING, p.info().flags());
        assertEquals(ProcessFlags.RMTBACKUP, backup.info().misc() & ProcessFlags.RMTBACKUP);
        silent.send(P, 1).ok();
        allServed(takeAll(p));
        there.waits();
    }

    @Test
    void callersMayGiveUpWaitingForTheMove() throws DvsException {
        Program a = nodes.bind(A, 11);
        Program c = nodes.bind(C, 12);
        p.receive(silent.number());
        start();
        a.send(P, 1, NOWAIT).fails(ErrorCode.AGAIN);
        Heard sent = a.send(P, 1, 100);
        Heard afar = c.sendrec(P, 2, 100);
        assertEquals(ProcessFlags.WAITMIGR, a.info().flags());
        assertEquals(P, a.info().waitMigrate());
        nodes.settle();
        nodes.pass(100);
        sent.fails(ErrorCode.TIMEDOUT);
        afar.fails(ErrorCode.TIMEDOUT);
        assertEquals(0, a.info().flags() | c.info().flags());
        commit();
        settleAll();
        assertEquals(Map.of(), takeAll(backup));
    }

    @Test
    void aNodeThatHasNotHeardOfTheMoveTriesAgainUntilItHas() throws DvsException {
        Program c = nodes.bind(C, 12);
        p.receive(silent.number());
        nodes.kernel(A).migrateStart(Nodes.DC, P);
        nodes.kernel(B).migrateStart(Nodes.DC, P);
        Heard sent = c.send(P, 1);
        settleAll();
        sent.waits();
        commit(B, B);
        commit(A, B);
        settleAll();
        sent.waits();
        nodes.kernel(C).migrateStart(Nodes.DC, P);
        commit(C, B);
        settleAll();
        assertEquals(Map.of(12, List.of(1)), takeAll(backup));
        sent.ok();
    }

    // ---- notifications

    @ParameterizedTest(name = "commits in the order {0}, commands carried between them: {1}")
    @MethodSource("orders")
    void notificationsGoWithTheProcess(List<Integer> order, boolean settle) throws DvsException {
        Program[] early = {nodes.bind(A, 11), nodes.bind(B, 12), nodes.bind(C, 13)};
        Program[] late = {nodes.bind(A, 14), nodes.bind(B, 15), nodes.bind(C, 16)};
        Program[] last = {nodes.bind(A, 17), nodes.bind(B, 18), nodes.bind(C, 19)};
        p.receive(silent.number());
        nodes.kernel(A).hdwNotify(Nodes.DC, P);
        for (Program program : early) {
            program.tell(P, program.number());
            nodes.settle();
        }
        early[0].tell(P, 1).ok();
        early[0].tell(P, 2).ok();
        start();
        for (Program program : late) {
            program.tell(P, program.number());
            nodes.settle();
        }
        late[0].tell(P).fails(ErrorCode.OVERRUN);
        for (int node : order) {
            commit(node, B);
            last[node].tell(P, 17 + node);
            if (settle) {
                nodes.settle();
            }
        }
        settleAll();
        List<Integer> sources = new ArrayList<>();
        int updates = 0;
        for (Heard next = backup.receive(ANY, NOWAIT); next.rcode() == 0; next = backup.receive(ANY, NOWAIT)) {
            sources.add(next.message.source());
            updates |= next.message.getInt(Message.M9_I1);
        }
        assertEquals(List.of(11, 12, 13, 14, 15, 16, 17, 18, 19, HARDWARE), sources);
        int expected = 1 << 1 | 1 << 2;
        for (int value = 11; value <= 19; value++) {
            expected |= 1 << value;
        }
        assertEquals(Integer.toBinaryString(expected), Integer.toBinaryString(updates));
    }

    @Test
    void notificationsWaitForARollbackToo() throws DvsException {
        Program[] early = {nodes.bind(A, 11), nodes.bind(B, 12), nodes.bind(C, 13)};
        p.receive(silent.number());
        start();
        for (Program program : early) {
            program.tell(P, program.number());
            nodes.settle();
        }
        rollback();
        silent.send(P, 1);
        for (int source = 11; source <= 13; source++) {
            p.receive().ok();
        }
        p.receive(ANY, NOWAIT).fails(ErrorCode.AGAIN);
    }

    @Test
    void aNotificationIsTakenFromAnotherNodeThanItsSendersOnlyIfItWasPassedOn() throws DvsException {
        nodes.bind(C, 13);
        p.receive(silent.number());
        start();
        commit();
        Command late = new Command();
        late.code = Command.NTFY_MSG;
        late.dcid = Nodes.DC;
        late.source = 13;
        late.destination = P;
        late.sourceNode = A;
        late.destinationNode = B;
        late.rcode = 5;
        late.call = 1;
        assertEquals(0, nodes.link(A, B).pairOf(B).put2lcl(late));
        backup.receive().bringsNotification(13, 1 << 5);
        late.source = 14;
        assertEquals(ErrorCode.NOTBIND.rcode(), nodes.link(A, B).pairOf(B).put2lcl(late));
        late.source = silent.number();
        late.sourceNode = C;
        late.call = 0;
        assertEquals(ErrorCode.NONODE.rcode(), nodes.link(B, C).pairOf(B).put2lcl(late));
    }

    // ---- who moves when

    @Test
    void aProcessThatRunsMovesAtItsNextCall() throws DvsException {
        start();
        assertEquals(0, p.info().flags());
        assertEquals(ProcessFlags.NEEDMIG, p.info().misc() & ProcessFlags.NEEDMIG);
        TestKernels.refused(ErrorCode.PROCSTS, () -> commit(A, B));
        Heard held = p.receive().waits();
        assertEquals(ProcessFlags.MIGRATING, p.info().flags());
        silent.send(P, 1).waits();
        held.waits();
        commit();
        settleAll();
        assertEquals(Map.of(silent.number(), List.of(1)), takeAll(backup));
        held.waits();
        nodes.pass(Migrations.BACKUP_WAITS_MS);
        held.fails(ErrorCode.RMTPROC);
    }

    /** Held until the process comes back, its answer would have been given to whoever asked the other one meanwhile. */
    @Test
    void whoStandsByOwesNobodyAnAnswer() throws DvsException {
        Heard held = p.receive();
        start();
        commit();
        settleAll();
        Heard asked = silent.sendrec(P, 7);
        nodes.settle();
        backup.receive().brings(silent.number(), 7);
        nodes.pass(Migrations.BACKUP_WAITS_MS);
        held.fails(ErrorCode.RMTPROC);
        p.reply(silent.number(), 1).fails(ErrorCode.PROCSTS);
        asked.waits();
        Heard answered = backup.reply(silent.number(), 8);
        nodes.settle();
        answered.ok();
        asked.brings(P, 8);
    }

    @Test
    void aProcessThatRunsAndIsRolledBackDoesNotMove() throws DvsException {
        start();
        rollback();
        Heard received = p.receive();
        silent.send(P, 1).ok();
        received.brings(silent.number(), 1);
        start();
        Heard held = p.send(silent.number(), 2).waits();
        silent.receive(ANY, NOWAIT).fails(ErrorCode.AGAIN);
        rollback();
        silent.receive().brings(P, 2);
        held.ok();
    }

    @Test
    void aProcessInAQueueIsTakenOutAndStandsInItAgainAfterARollback() throws DvsException {
        Heard queued = p.send(silent.number(), 1);
        start();
        assertEquals(ProcessFlags.MIGRATING, p.info().flags());
        silent.receive(ANY, NOWAIT).fails(ErrorCode.AGAIN);
        rollback();
        silent.receive().brings(P, 1);
        queued.ok();
    }

    @Test
    void aClientThatAwaitsAnAnswerMovesAfterwards() throws DvsException {
        Heard answer = p.sendrec(silent.number(), 1);
        silent.receive().brings(P, 1);
        start();
        assertEquals(ProcessFlags.NEEDMIG, p.info().misc() & ProcessFlags.NEEDMIG);
        assertEquals(ProcessFlags.RECEIVING, p.info().flags());
        silent.reply(P, 2).ok();
        answer.brings(silent.number(), 2);
        p.receive().waits();
        assertEquals(ProcessFlags.MIGRATING, p.info().flags());
    }

    @Test
    void aServerThatOwesAnAnswerDoesNotMove() throws DvsException {
        Heard asked = silent.sendrec(P, 1);
        p.receive().brings(silent.number(), 1);
        TestKernels.refused(ErrorCode.PROCSTS, () -> nodes.kernel(A).migrateStart(Nodes.DC, P));
        p.reply(silent.number(), 2).ok();
        asked.ok();
        nodes.kernel(A).migrateStart(Nodes.DC, P);
    }

    @Test
    void whatTheProcessAsksFromItsNewNodeIsAnsweredOnAllNodes() throws DvsException {
        p.receive(silent.number());
        start();
        commit();
        for (int node : new int[] {A, B, C}) {
            Program server = nodes.bind(node, 20 + node);
            for (int i = 0; i < 3; i++) {
                Heard answer = backup.sendrec(20 + node, i);
                settleAll();
                server.receive().brings(P, i);
                Heard replied = i == 2 ? server.send(P, -i) : server.reply(P, -i);
                settleAll();
                replied.ok();
                answer.brings(20 + node, -i);
                assertEquals(0, server.info().misc() & ProcessFlags.NOMIGRATE);
            }
        }
    }

    @Test
    void aBackupThatIsPromotedGoesOnWithItsCallForAsLongAsThatMayTake() throws DvsException {
        p.receive(silent.number());
        Heard standBy = backup.receive();
        nodes.pass(29_000);
        start();
        commit();
        standBy.waits();
        nodes.pass(60_000);
        standBy.waits();
        Program b = nodes.bind(B, 12);
        b.send(P, 1).ok();
        standBy.brings(12, 1);
    }

    @Test
    void aBackupWaitsThirtySecondsInACallOrAsLongAsItWants() {
        Heard standBy = backup.receive();
        nodes.pass(29_999);
        standBy.waits();
        nodes.pass(1);
        standBy.fails(ErrorCode.RMTPROC);
        Heard shorter = backup.send(P + 1, 1, 100);
        nodes.pass(100);
        shorter.fails(ErrorCode.TIMEDOUT);
        backup.receive(ANY, NOWAIT).fails(ErrorCode.AGAIN);
    }

    @Test
    void aHandlerMovesAndComesBack() throws DvsException {
        List<Integer> handled = new ArrayList<>();
        nodes.kernel(A).bindHandler(Nodes.DC, 11, "h11", (message, self) -> handled.add(message.getInt(Message.M1_I1)));
        Program other = nodes.bindHere(B, 11, BindKind.BACKUP, A);
        silent.send(11, 1).ok();
        for (int node : new int[] {A, B}) {
            nodes.kernel(node).migrateStart(Nodes.DC, 11);
        }
        nodes.kernel(B).migrateCommit(PID, Nodes.DC, 11, B);
        nodes.kernel(A).migrateCommit(NO_PID, Nodes.DC, 11, B);
        nodes.pass(100_000);
        Heard sent = silent.send(11, 2);
        nodes.settle();
        other.receive().brings(silent.number(), 2);
        nodes.settle();
        sent.ok();
        other.receive();
        for (int node : new int[] {A, B}) {
            nodes.kernel(node).migrateStart(Nodes.DC, 11);
        }
        nodes.kernel(A).migrateCommit(PID, Nodes.DC, 11, A);
        nodes.kernel(B).migrateCommit(NO_PID, Nodes.DC, 11, A);
        silent.send(11, 3).ok();
        assertEquals(List.of(1, 3), handled);
    }

    @Test
    void aProcessThatEndsWhileItMovesTellsThoseWhoWait() throws DvsException {
        Program a = nodes.bind(A, 11);
        Program c = nodes.bind(C, 12);
        p.receive(silent.number());
        start();
        Heard sent = a.send(P, 1);
        Heard afar = c.send(P, 2);
        nodes.settle();
        p.close();
        sent.fails(ErrorCode.DSTDIED);
        TestKernels.refused(ErrorCode.NOTBIND, () -> commit(A, B));
        nodes.kernel(B).migrateRollback(Nodes.DC, P);
        nodes.kernel(C).migrateRollback(Nodes.DC, P);
        nodes.settle();
        afar.fails(ErrorCode.DSTDIED);
    }

    @Test
    void copiesWaitThirtySecondsForAMove() throws DvsException {
        Program a = nodes.bind(A, 11);
        long mine = a.expose(ByteBuffer.allocate(10));
        long theirs = p.expose(ByteBuffer.allocate(10));
        p.receive(silent.number());
        start();
        Heard copied = a.vcopy(P, theirs, SELF, mine, 10);
        nodes.pass(29_999);
        copied.waits();
        rollback();
        copied.ends(10);
        start();
        copied = a.vcopy(P, theirs, SELF, mine, 10);
        nodes.pass(30_000);
        copied.fails(ErrorCode.TIMEDOUT);
        assertEquals(0, a.info().flags());
    }

    // ---- refusals

    @Test
    void aStartIsRefusedWhereSomethingIsUnderWay() throws DvsException {
        KernelCore a = nodes.kernel(A);
        TestKernels.refused(ErrorCode.NOTBIND, () -> a.migrateStart(Nodes.DC, 11));
        TestKernels.refused(ErrorCode.ENDPOINT, () -> a.migrateStart(Nodes.DC, 35_570 + P));
        TestKernels.refused(ErrorCode.DCNOTRUN, () -> a.migrateStart(3, P));
        Program c = nodes.bind(C, 12);
        Heard sent = p.send(12, 1);
        TestKernels.refused(ErrorCode.BUSY, () -> a.migrateStart(Nodes.DC, P));
        nodes.settle();
        c.receive();
        nodes.settle();
        sent.ok();
        c.receive();
        long there = c.expose(ByteBuffer.allocate(10));
        Heard copied = p.vcopy(SELF, p.expose(ByteBuffer.allocate(10)), 12, there, 10).waits();
        TestKernels.refused(ErrorCode.ONCOPY, () -> a.migrateStart(Nodes.DC, P));
        nodes.settle();
        copied.ends(10);
        a.migrateStart(Nodes.DC, P);
        TestKernels.refused(ErrorCode.MIGRATE, () -> a.migrateStart(Nodes.DC, P));
        p.receive();
        TestKernels.refused(ErrorCode.MIGRATE, () -> a.migrateStart(Nodes.DC, P));
        TestKernels.refused(ErrorCode.MIGRATE, () -> a.unbind(Nodes.DC, P));
        TestKernels.refused(ErrorCode.MIGRATE, () -> a.wakeup(Nodes.DC, P));
        TestKernels.refused(ErrorCode.MIGRATE, () -> a.hdwNotify(Nodes.DC, P));
    }

    @Test
    void aCommitIsRefusedWithoutAStartAndWithoutAPlaceToGo() throws DvsException {
        KernelCore a = nodes.kernel(A);
        TestKernels.refused(ErrorCode.PROCSTS, () -> commit(A, B));
        TestKernels.refused(ErrorCode.PROCSTS, () -> a.migrateRollback(Nodes.DC, P));
        TestKernels.refused(ErrorCode.NOTBIND, () -> a.migrateCommit(NO_PID, Nodes.DC, 11, B));
        TestKernels.refused(ErrorCode.NOTBIND, () -> a.migrateRollback(Nodes.DC, 11));
        TestKernels.refused(ErrorCode.ENDPOINT, () -> a.migrateCommit(NO_PID, Nodes.DC, 35_570 + P, B));
        p.receive();
        start();
        TestKernels.refused(ErrorCode.BADNODEID, () -> commit(A, 32));
        TestKernels.refused(ErrorCode.BADNODEID, () -> commit(A, -1));
        TestKernels.refused(ErrorCode.NOPROXY, () -> commit(A, 5));
        a.delNode(Nodes.DC, B);
        TestKernels.refused(ErrorCode.NODCNODE, () -> commit(A, B));
        assertEquals(ProcessFlags.MIGRATING | ProcessFlags.RECEIVING, p.info().flags());
        TestKernels.refused(ErrorCode.BADPID, () -> nodes.kernel(B).migrateCommit(PID + 1, Nodes.DC, P, B));
        TestKernels.refused(ErrorCode.BADPID, () -> nodes.kernel(C).migrateCommit(PID, Nodes.DC, P, C));
        assertEquals(ProcessFlags.REMOTE | ProcessFlags.MIGRATING, backup.info().flags());
        nodes.kernel(B).migrateCommit(NO_PID, Nodes.DC, P, B);
        assertEquals(0, backup.info().flags());
    }
}
