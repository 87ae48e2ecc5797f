package org.dvs.registry.internal.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Kernel;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.testkit.RecordingKernel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A node's part in a migration of 5 in DC 3 from node0 to node1 ... */
@Tag("R-CMD-14")
class MigrationPartTest {
    private static final int DC = 3;
    private static final int EP = 5;
    private static final Migration START = new Migration(DC, EP, "r1", "r1", Phase.START, 1, -1, 2, 77, 1_000, -1, "", false, 0,
            "", new TreeSet<>(Set.of(0, 1, 2)));
    private static final Migration STARTED = START.started(0, "p5");
    private static final Migration TAKE = STARTED.take(42, "r2");
    private static final Migration COMMIT = TAKE.commit();

    private RecordingKernel kernel = new RecordingKernel();

    /** A kernel in which the other nodes are up and members. */
    private MigrationPart node(int id) throws DvsException {
        kernel = new RecordingKernel();
        kernel.dvsInit(id, "node" + id, DvsParameters.DEFAULT);
        kernel.dcInit(DcSettings.of(DC, "web", DvsParameters.DEFAULT));
        for (int other = 0; other < 3; other++) {
            if (other != id) {
                kernel.pair(other);
                kernel.nodeUp("node" + other, other, other);
                kernel.addNode(DC, other);
            }
        }
        kernel.calls();
        return new MigrationPart(id);
    }

    private Optional<Kernel> there() {
        return Optional.of(kernel);
    }

    private void backup(int pid) throws DvsException {
        kernel.backup(DC, EP, pid, 0);
    }

    private int flags() throws DvsException {
        return kernel.process(DC, EP).flags();
    }

    private static Optional<Vote> vote(Migration now, boolean holds) {
        String name = holds && now.phase() == Phase.START ? "p5" : "";
        return Optional.of(new Vote("r1", now.phase(), 0, holds, name, ""));
    }

    private void refuses(MigrationPart part, Migration now, ErrorCode code) throws DvsException {
        Vote vote = part.act(now, there(), false).orElseThrow();
        assertEquals(List.of(now.phase(), code.rcode()), List.of(vote.phase(), vote.rcode()), vote.why());
    }

    @Test
    void isToHoldTheProcessAndThenToPointAtItsNewNode() throws DvsException {
        MigrationPart part = node(0);
        kernel.put(DC, EP, 0);
        assertEquals(vote(START, true), part.act(START, there(), false));
        assertEquals(Optional.empty(), part.act(STARTED, there(), false));
        assertEquals(Optional.empty(), part.act(TAKE, there(), false));
        assertEquals(vote(COMMIT, false), part.act(COMMIT, there(), false));
        assertEquals(List.of("migrateSoon 3 5", "migrateCommit -1 3 5 1"), kernel.calls());
        assertEquals(1, kernel.process(DC, EP).node());
        assertEquals(ProcessFlags.REMOTE, flags());
    }

    @Test
    void isToTakeOverAtTheNewNode() throws DvsException {
        MigrationPart part = node(1);
        backup(42);
        assertEquals(vote(START, false), part.act(START, there(), false));
        assertEquals(vote(TAKE, true), part.act(TAKE, there(), false));
        assertEquals(vote(COMMIT, true), part.act(COMMIT, there(), false));
        assertEquals(List.of("migrateSoon 3 5", "migrateCommit 42 3 5 1"), kernel.calls());
        assertEquals(0, flags());
    }

    @Test
    void isNothingWhereTheEndpointIsNotBoundUntilItIsTakenOver() throws DvsException {
        MigrationPart part = node(2);
        assertEquals(vote(START, false), part.act(START, there(), false));
        Migration back = COMMIT.rollback(ErrorCode.INTR, "");
        assertEquals(vote(back, false), node(2).act(back, there(), false));
        assertEquals(List.of(), kernel.calls());
        assertEquals(vote(COMMIT, false), node(2).act(COMMIT, there(), false));
        assertEquals(List.of("autobind 3 5 p5 1"), kernel.calls());
        assertEquals(1, kernel.process(DC, EP).node());
        // A registry that has just started finds it known.
        assertEquals(vote(COMMIT, false), new MigrationPart(2).act(COMMIT, there(), false));
        assertEquals(List.of(), kernel.calls());
    }

    @Test
    void isOverWhereNobodyCouldHearOfTheProcess() throws DvsException {
        node(2);
        kernel.nodeDown(1);
        assertEquals(vote(COMMIT, false), new MigrationPart(2).act(COMMIT, there(), false));
        node(2);
        kernel.dcEnd(DC);
        assertEquals(vote(COMMIT, false), new MigrationPart(2).act(COMMIT, there(), false));
        node(2);
        kernel.fail("autobind", ErrorCode.SLOTUSED);
        assertEquals(vote(COMMIT, false), new MigrationPart(2).act(COMMIT, there(), false));
    }

    @Test
    void isHeardByAKernelThatComesBeforeItIsOver() throws DvsException {
        MigrationPart part = node(2);
        assertEquals(Optional.empty(), part.act(COMMIT, Optional.empty(), true));
        kernel.nodeDown(1);
        assertEquals(Optional.empty(), part.act(COMMIT, there(), true));
        kernel.dcEnd(DC);
        assertEquals(Optional.empty(), part.act(COMMIT, there(), true));
        kernel.dcInit(DcSettings.of(DC, "web", DvsParameters.DEFAULT));
        kernel.nodeUp("node1", 1, 1);
        kernel.addNode(DC, 1);
        assertEquals(vote(COMMIT, false), part.act(COMMIT, there(), true));
        assertEquals(1, kernel.process(DC, EP).node());
        node(2);
        kernel.fail("autobind", ErrorCode.SLOTUSED);
        assertEquals(vote(COMMIT, false), new MigrationPart(2).act(COMMIT, there(), true), "the slot is another's by now");
        assertEquals(vote(COMMIT, true), node(1).act(COMMIT, Optional.empty(), true), "the new node has nothing to hear");
    }

    @Test
    void isRepeatedWithoutBeingDoneAgain() throws DvsException {
        MigrationPart part = node(0);
        kernel.put(DC, EP, 0);
        assertEquals(vote(START, true), part.act(START, there(), false));
        assertEquals(vote(START, true), part.act(START, there(), false));
        assertEquals(List.of("migrateSoon 3 5"), kernel.calls());
        part.keep(Set.of());
        assertEquals(vote(START, true), part.act(START, there(), false));
        assertEquals(List.of(), kernel.calls());
    }

    @Test
    void isTakenUpByARegistryThatHasJustStarted() throws DvsException {
        node(1);
        backup(42);
        assertEquals(vote(START, false), new MigrationPart(1).act(START, there(), false));
        assertEquals(vote(START, false), new MigrationPart(1).act(START, there(), false));
        assertEquals(vote(TAKE, true), new MigrationPart(1).act(TAKE, there(), false));
        assertEquals(vote(TAKE, true), new MigrationPart(1).act(TAKE, there(), false));
        assertEquals(List.of("migrateSoon 3 5", "migrateCommit 42 3 5 1"), kernel.calls());
        node(0);
        kernel.put(DC, EP, 0);
        new MigrationPart(0).act(START, there(), false);
        assertEquals(vote(COMMIT, false), new MigrationPart(0).act(COMMIT, there(), false));
        assertEquals(vote(COMMIT, false), new MigrationPart(0).act(COMMIT, there(), false));
        assertEquals(List.of("migrateSoon 3 5", "migrateCommit -1 3 5 1"), kernel.calls());
    }

    @Test
    void refusesToStartWhatCouldNotBeCommitted() throws DvsException {
        refuses(node(1), START, ErrorCode.NOTBIND);
        Migration later = new Migration(DC, 35_570 + EP, "r1", "r1", Phase.START, 1, -1, 2, 77, 1_000, -1, "", false, 0, "",
                new TreeSet<>(Set.of(0, 1, 2)));
        MigrationPart counted = node(1);
        backup(42);
        refuses(counted, later, ErrorCode.ENDPOINT);
        assertTrue(counted.act(later, there(), false).orElseThrow().why().contains("5 (p5), which is bound there"));
        MigrationPart there = node(1);
        kernel.put(DC, EP, 1);
        refuses(there, START, ErrorCode.LCLPROC);
        MigrationPart down = node(0);
        kernel.put(DC, EP, 0);
        kernel.nodeDown(1);
        refuses(down, START, ErrorCode.NOPROXY);
        MigrationPart apart = node(0);
        kernel.put(DC, EP, 0);
        kernel.delNode(DC, 1);
        refuses(apart, START, ErrorCode.NODCNODE);
        // Nor could its programs call it.
        MigrationPart stranger = node(2);
        kernel.nodeDown(1);
        refuses(stranger, START, ErrorCode.NOPROXY);
        MigrationPart busy = node(0);
        kernel.put(DC, EP, 0);
        kernel.fail("migrateSoon", ErrorCode.ONCOPY);
        refuses(busy, START, ErrorCode.ONCOPY);
        Vote vote = node(0).act(START, Optional.empty(), false).orElseThrow();
        assertEquals(ErrorCode.NOSYS.rcode(), vote.rcode());
    }

    @Test
    void refusesToTakeOverWithoutTheProcess() throws DvsException {
        MigrationPart part = node(1);
        backup(42);
        part.act(START, there(), false);
        kernel.unbind(DC, EP);
        refuses(part, TAKE, ErrorCode.NOTBIND);
        MigrationPart other = node(1);
        backup(42);
        other.act(START, there(), false);
        kernel.fail("migrateCommit", ErrorCode.BADPID);
        refuses(other, TAKE, ErrorCode.BADPID);
        MigrationPart stranger = node(1);
        backup(42);
        stranger.act(START, there(), false);
        kernel.unbind(DC, EP);
        kernel.put(DC, EP, 1);
        refuses(stranger, TAKE, ErrorCode.PROCSTS);
    }

    @Test
    void waitsForAProcessThatRunsToComeToRest() throws DvsException {
        MigrationPart part = node(0);
        kernel.put(DC, EP, 0);
        kernel.runs(DC, EP);
        assertEquals(Optional.empty(), part.act(START, there(), false));
        assertEquals(Optional.empty(), part.act(START, there(), false));
        kernel.rests(DC, EP);
        assertEquals(vote(START, true), part.act(START, there(), false));
        assertEquals(List.of("migrateSoon 3 5"), kernel.calls());
    }

    @Test
    void isTakenBackWhereverItHadCome() throws DvsException {
        Migration back = START.rollback(ErrorCode.ONCOPY, "node2: no");
        MigrationPart part = node(0);
        kernel.put(DC, EP, 0);
        assertEquals(vote(back, false), part.act(back, there(), false));
        assertEquals(List.of(), kernel.calls());
        part = node(0);
        kernel.put(DC, EP, 0);
        part.act(START, there(), false);
        assertEquals(vote(back, false), part.act(back, there(), false));
        assertEquals(0, flags());
        part = node(0);
        kernel.put(DC, EP, 0);
        kernel.runs(DC, EP);
        part.act(START, there(), false);
        assertEquals(vote(back, false), part.act(back, there(), false));
        assertEquals(0, kernel.process(DC, EP).misc() & ProcessFlags.NEEDMIG);
    }

    @Test
    void endsWhatTheNewNodeTookOverWhileTheOthersWentBack() throws DvsException {
        Migration back = TAKE.rollback(ErrorCode.NOTCONN, "node1 is gone");
        MigrationPart part = node(1);
        backup(42);
        part.act(START, there(), false);
        part.act(TAKE, there(), false);
        kernel.calls();
        assertEquals(vote(back, false), part.act(back, there(), false));
        assertEquals(List.of("unbind 3 5"), kernel.calls());
        assertTrue(kernel.process(DC, EP).isFree());
    }

    @Test
    void isTriedAgainWhereThereIsNoWayBack() throws DvsException {
        MigrationPart part = node(0);
        kernel.put(DC, EP, 0);
        part.act(START, there(), false);
        kernel.fail("migrateCommit", ErrorCode.NOPROXY);
        assertEquals(ErrorCode.NOPROXY, assertThrows(DvsException.class, () -> part.act(COMMIT, there(), false)).code());
        kernel.work();
        assertEquals(vote(COMMIT, false), part.act(COMMIT, there(), false));
    }

    @Test
    void isDoneWhereTheKernelIsGone() throws DvsException {
        assertEquals(vote(COMMIT, false), node(0).act(COMMIT, Optional.empty(), false));
        Migration back = TAKE.rollback(ErrorCode.NOTCONN, "node1 is gone");
        assertEquals(vote(back, false), node(0).act(back, Optional.empty(), false));
    }

    @Test
    void pointsAStubAtTheNewNodeThatNeverHeardOfTheStart() throws DvsException {
        MigrationPart part = node(2);
        kernel.put(DC, EP, 0);
        assertEquals(vote(COMMIT, false), part.act(COMMIT, there(), false));
        assertEquals(1, kernel.process(DC, EP).node());
    }
}
