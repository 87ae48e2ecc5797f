package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.Endpoint.NOWAIT;
import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.SELF;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.ProcessFlags;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Migrations of a process that is busy when they begin, by {@code migrateSoon}; see {@link MigrationCase}. */
@Tag("R-CMD-14")
class BusyMigrationTest extends MigrationCase {

    BusyMigrationTest() throws DvsException {
    }

    private void startSoon() throws DvsException {
        for (int node : new int[] {A, B, C}) {
            nodes.kernel(node).migrateSoon(Nodes.DC, P);
        }
    }

    private void isToMove() throws DvsException {
        assertEquals(0, p.info().flags() & ProcessFlags.MIGRATING);
        assertEquals(ProcessFlags.NEEDMIG, p.info().misc() & ProcessFlags.NEEDMIG);
    }

    private void stands() throws DvsException {
        assertEquals(ProcessFlags.MIGRATING, p.info().flags() & ProcessFlags.MIGRATING);
        assertEquals(0, p.info().misc() & ProcessFlags.NEEDMIG);
    }

    /** A server with several requests at a time, that are more in number whenever it receives. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aServerThatOwesAnswersMovesSoonWhenItHasGivenThemHoweverManyAsk(boolean receives) throws DvsException {
        Program a = nodes.bind(A, 11);
        Program c = nodes.bind(C, 12);
        Heard first = a.sendrec(P, 1);
        Heard second = c.sendrec(P, 2);
        nodes.settle();
        p.receive().brings(11, 1);
        p.receive().brings(12, 2);
        Program early = nodes.bind(A, 13);
        Heard queued = early.sendrec(P, 1003);
        startSoon();
        isToMove();
        clients(14);
        TestKernels.refused(ErrorCode.MIGRATE, () -> nodes.kernel(A).migrateSoon(Nodes.DC, P));
        TestKernels.refused(ErrorCode.PROCSTS, () -> commit(A, B));
        if (receives) {
            p.receive(ANY, NOWAIT).brings(14, 14);
            p.rcvrqst(NOWAIT).fails(ErrorCode.AGAIN);
            sent.remove(14).ok();
        }
        Heard replied = p.reply(12, -2);
        nodes.settle();
        replied.ok();
        second.brings(P, -2);
        isToMove();
        p.reply(11, -1).ok();
        first.brings(P, -1);
        isToMove();
        Heard held = p.receive().waits();
        stands();
        commit();
        settleAll();
        Map<Integer, List<Integer>> taken = takeAll(backup);
        assertEquals(List.of(1003), taken.remove(13));
        queued.brings(P, -1003);
        allServed(taken);
        held.waits();
    }

    @Test
    void aServerThatWaitsForAnybodyMovesSoonWhenNobodyAwaitsItsAnswerAnyMore() throws DvsException {
        Program c = nodes.bind(C, 12);
        Heard asked = c.sendrec(P, 1, 100);
        nodes.settle();
        p.receive().brings(12, 1);
        Heard waiting = p.receive();
        startSoon();
        isToMove();
        Heard kept = silent.sendrec(P, 1002);
        waiting.waits();
        nodes.pass(100);
        asked.fails(ErrorCode.TIMEDOUT);
        // The node of the server hears of that by the next call only.
        isToMove();
        nodes.kernel(C).migrateRollback(Nodes.DC, P);
        Heard again = c.send(P, 3);
        nodes.settle();
        stands();
        waiting.waits();
        nodes.kernel(C).migrateSoon(Nodes.DC, P);
        commit();
        settleAll();
        assertEquals(Map.of(12, List.of(3), silent.number(), List.of(1002)), takeAll(backup));
        again.ok();
        kept.brings(P, -1002);
    }

    /** It answers when it has three requests, however many are wanting as it is to move. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aServerThatCollectsRequestsBeforeItAnswersIsGivenTheRestAndMovesThen(int had) throws DvsException {
        Program a = nodes.bind(A, 11);
        Program c = nodes.bind(C, 12);
        Program late = nodes.bind(A, 13);
        Program next = nodes.bind(A, 14);
        List<Heard> asked = new ArrayList<>();
        asked.add(a.sendrec(P, 1));
        p.rcvrqst().brings(11, 1);
        if (had == 2) {
            asked.add(c.sendrec(P, 2));
            nodes.settle();
            p.rcvrqst().brings(12, 2);
        }
        Heard waiting = p.rcvrqst();
        startSoon();
        if (had == 1) {
            nodes.kernel(C).migrateRollback(Nodes.DC, P);
            asked.add(c.sendrec(P, 2));
            nodes.settle();
        }
        asked.add(late.sendrec(P, 3));
        nodes.pass(Migrations.COLLECTS_MS - 1);
        waiting.waits();
        nodes.pass(1);
        if (had == 1) {
            waiting.brings(12, 2);
            nodes.kernel(C).migrateSoon(Nodes.DC, P);
            waiting = p.rcvrqst();
        }
        waiting.brings(13, 3);
        isToMove();
        p.reply(11, -1).ok();
        Heard queued = next.sendrec(P, 1004);
        p.rcvrqst(NOWAIT).fails(ErrorCode.AGAIN);
        p.reply(12, -2);
        nodes.settle();
        p.reply(13, -3).ok();
        for (int i = 0; i < 3; i++) {
            asked.get(i).brings(P, -1 - i);
        }
        p.rcvrqst().waits();
        stands();
        commit();
        settleAll();
        assertEquals(Map.of(14, List.of(1004)), takeAll(backup));
        queued.brings(P, -1004);
    }

    @Test
    void aServerThatIsToMoveIsHeldFromRequestsAgainAsSoonAsSomethingElseComes() throws DvsException {
        Program a = nodes.bind(A, 11);
        silent.sendrec(P, 1);
        p.receive().brings(silent.number(), 1);
        startSoon();
        for (int i = 0; i < 5; i++) {
            Heard waiting = p.receive();
            nodes.pass(Migrations.COLLECTS_MS - 1);
            a.tell(P, 3).ok();
            waiting.bringsNotification(11, 1 << 3);
        }
        Heard waiting = p.receive();
        Program other = nodes.bind(A, 12);
        other.sendrec(P, 9);
        nodes.pass(Migrations.COLLECTS_MS - 1);
        waiting.waits();
        rollback();
        waiting.brings(12, 9);
    }

    @Test
    void aServerThatIsRolledBackIsGivenTheRequestsThatWereKeptFromIt() throws DvsException {
        silent.sendrec(P, 1);
        p.receive().brings(silent.number(), 1);
        Heard waiting = p.rcvrqst();
        startSoon();
        Program a = nodes.bind(A, 11);
        a.sendrec(P, 2);
        waiting.waits();
        rollback();
        waiting.brings(11, 2);
        assertEquals(0, p.info().misc() & ProcessFlags.NEEDMIG);
        p.reply(11, 3).ok();
        p.reply(silent.number(), 4).ok();
    }

    @Test
    void aServerThatIsToMoveTakesWhatIsNoRequestAndARequestOfJustTheOneThatItWaitsFor() throws DvsException {
        Heard answer = silent.sendrec(P, 1);
        p.receive().brings(silent.number(), 1);
        Heard waiting = p.receive();
        startSoon();
        Program a = nodes.bind(A, 11);
        Program other = nodes.bind(A, 12);
        other.sendrec(P, 9).waits();
        waiting.waits();
        a.send(P, 2).ok();
        waiting.brings(11, 2);
        a.tell(P, 3).ok();
        p.receive().bringsNotification(11, 1 << 3);
        Heard one = p.receive(11);
        Heard asked = a.sendrec(P, 4);
        one.brings(11, 4);
        p.reply(11, 5).ok();
        asked.brings(P, 5);
        isToMove();
        p.reply(silent.number(), 6).ok();
        answer.brings(P, 6);
        p.receive().waits();
        stands();
    }

    @Test
    void oneThatIsInACopyOrHasACommandAtAProxyMovesSoonAfterwards() throws DvsException {
        Program c = nodes.bind(C, 12);
        Heard sent = p.send(12, 1);
        startSoon();
        isToMove();
        nodes.settle();
        c.receive().brings(P, 1);
        nodes.settle();
        sent.ok();
        rollback();
        c.receive();
        long there = c.expose(ByteBuffer.allocate(10));
        long mine = p.expose(ByteBuffer.allocate(10));
        Heard copied = p.vcopy(SELF, mine, 12, there, 10).waits();
        startSoon();
        nodes.settle();
        copied.ends(10);
        isToMove();
        p.receive().waits();
        stands();
        rollback();
        Program copier = nodes.bind(A, 11);
        Heard theirs = copier.vcopy(P, mine, 12, there, 10).waits();
        nodes.kernel(A).migrateSoon(Nodes.DC, P);
        isToMove();
        nodes.settle();
        theirs.ends(10);
        stands();
    }
}
