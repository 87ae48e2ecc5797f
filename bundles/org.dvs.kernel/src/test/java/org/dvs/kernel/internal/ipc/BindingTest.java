package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.Endpoint.NOWAIT;
import static org.dvs.kernel.api.EndpointNumbers.LOCALNODE;
import static org.dvs.kernel.api.EndpointNumbers.SELF;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Call;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Privileges;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.kernel.api.ProcessInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Binding of all kinds, unbinding, waiting for either, generations and privileges: dvs-kernel reference 3, 7.2, 9. */
@Tag("R-CMD-14")
class BindingTest {
    private final Nodes nodes = new Nodes(2);
    private final KernelCore kernel = nodes.kernel(0);

    BindingTest() throws DvsException {
    }

    private ProcessInfo slot(int number) throws DvsException {
        return kernel.process(Nodes.DC, number);
    }

    // ---- kinds

    @Test
    void ofAProcessOfThisNodeShowsItRunning() throws DvsException {
        kernel.bind(Nodes.DC, 10, "server", BindKind.SELF, LOCALNODE);
        ProcessInfo info = slot(10);
        assertEquals("server", info.name());
        assertEquals(10, info.endpoint());
        assertEquals(0, info.flags());
        assertEquals(ProcessFlags.GRPLEADER, info.misc());
        assertEquals(100, info.lpid());
        assertEquals(0, info.node());
    }

    @Test
    void ofARemoteProcessShowsAStub() throws DvsException {
        assertEquals(10, kernel.rmtbind(Nodes.DC, 10, "far", 1));
        ProcessInfo info = slot(10);
        assertEquals(ProcessFlags.REMOTE, info.flags());
        assertEquals(0, info.misc());
        assertEquals(EndpointNumbers.NO_PID, info.lpid());
        assertEquals(1, info.node());
    }

    @Test
    void ofABackupShowsItRemoteAtItsPrimary() throws DvsException {
        nodes.bindHere(0, 10, BindKind.BACKUP, 1);
        ProcessInfo info = slot(10);
        assertEquals(ProcessFlags.REMOTE, info.flags());
        assertEquals(ProcessFlags.RMTBACKUP, info.misc());
        assertEquals(100, info.lpid());
        assertEquals(1, info.node());
    }

    @Test
    void ofAReplicaIsLocalOnEachOfItsNodes() throws DvsException {
        for (int node = 0; node < 2; node++) {
            nodes.bindHere(node, 10, BindKind.REPLICA, LOCALNODE);
            ProcessInfo info = nodes.kernel(node).process(Nodes.DC, 10);
            assertEquals(0, info.flags());
            assertEquals(ProcessFlags.REPLICATED, info.misc() & ProcessFlags.REPLICATED);
            assertEquals(node, info.node());
        }
    }

    @Test
    void ofATaskAndOfAUserHaveTheirPrivileges() throws DvsException {
        nodes.bindHere(0, -35, BindKind.SELF, LOCALNODE);
        nodes.bindHere(0, 28, BindKind.SELF, LOCALNODE);
        nodes.bindHere(0, 29, BindKind.SELF, LOCALNODE);
        Privileges task = kernel.privileges(Nodes.DC, -35);
        assertEquals(0, task.id());
        assertEquals(2, task.level());
        assertEquals(Call.allBits(), task.allowed());
        assertEquals(64, task.ipcTo().cardinality());
        Privileges server = kernel.privileges(Nodes.DC, 28);
        assertEquals(63, server.id());
        assertEquals(1, server.level());
        Privileges user = kernel.privileges(Nodes.DC, 29);
        assertEquals(64, user.id());
        assertEquals(0, user.level());
        assertEquals(Call.bits(Call.SENDREC, Call.UNBIND, Call.GETEP, Call.WAIT4BIND), user.allowed());
    }

    @Test
    void ofOneEndpointByTwoProgramsIsRefusedToTheSecond() throws DvsException {
        nodes.bind(0, 10);
        TestKernels.refused(ErrorCode.SLOTUSED, () -> nodes.bindHere(0, 10, BindKind.SELF, LOCALNODE));
        TestKernels.refused(ErrorCode.SLOTUSED, () -> nodes.bindHere(0, 10, BindKind.BACKUP, 1));
        TestKernels.refused(ErrorCode.SLOTUSED, () -> nodes.bindHere(0, 10, BindKind.REPLICA, LOCALNODE));
        TestKernels.refused(ErrorCode.SLOTUSED, () -> kernel.rmtbind(Nodes.DC, 10, "p10", 1));
        TestKernels.refused(ErrorCode.SLOTUSED, () -> nodes.bindHere(1, 10, BindKind.SELF, LOCALNODE));
        TestKernels.refused(ErrorCode.SLOTUSED,
                () -> kernel.bindHandler(Nodes.DC, 10, "h", (message, self) -> { }));
    }

    @Test
    void isCountedAndListed() throws DvsException {
        nodes.bind(0, 11);
        nodes.bind(1, -3);
        assertEquals(2, kernel.dc(Nodes.DC).bound());
        assertEquals(List.of(-3, 11), kernel.processes(Nodes.DC).stream().map(ProcessInfo::number).toList());
        assertEquals(ProcessFlags.SLOT_FREE, slot(12).flags());
    }

    // ---- unbind

    @Test
    void endsByTheProcessItself() throws DvsException {
        Program a = nodes.bind(0, 10);
        a.close();
        a.close();
        assertEquals(ProcessFlags.SLOT_FREE, slot(10).flags());
        a.receive().fails(ErrorCode.NOTBIND);
        assertEquals(ErrorCode.NOTBIND.rcode(), a.self.getep(100));
        Program again = nodes.bindHere(0, 10, BindKind.SELF, LOCALNODE);
        a.close();
        assertEquals(0, slot(10).flags(), "the successor was unbound");
        again.unbind(10, NOWAIT).ok();
        assertEquals(ProcessFlags.SLOT_FREE, slot(10).flags());
    }

    @Test
    void endsTheCallUnderWay() throws DvsException {
        Program a = nodes.bind(0, 10);
        Heard received = a.receive();
        a.close();
        received.fails(ErrorCode.NOTBIND);
    }

    @Test
    void forgetsAStubAtOnce() throws DvsException {
        Program far = nodes.bind(1, 11);
        Program a = nodes.bind(0, 10);
        a.unbind(11, NOWAIT).ok();
        assertEquals(ProcessFlags.SLOT_FREE, slot(11).flags());
        assertEquals(0, far.info().flags());
        kernel.rmtbind(Nodes.DC, 11, "p11", 1);
        kernel.unbind(Nodes.DC, 11);
        assertEquals(ProcessFlags.SLOT_FREE, slot(11).flags());
    }

    @Test
    void ofAnotherTellsItAndWaitsForItsEnd() throws DvsException {
        Program a = nodes.bind(0, 10);
        Program b = nodes.bind(0, 11);
        Heard received = b.receive();
        Heard unbound = a.unbind(11, 1_000).waits();
        assertEquals(ProcessFlags.WAITUNBIND, a.info().flags());
        assertEquals(11, a.info().waitUnbind());
        received.fails(ErrorCode.SHUTDOWN);
        b.send(10, 1).fails(ErrorCode.SHUTDOWN);
        unbound.waits();
        b.close();
        unbound.ok();
    }

    @Test
    void ofAnotherThatDoesNotEndIsGivenUpInTime() throws DvsException {
        Program a = nodes.bind(0, 10);
        nodes.bind(0, 11);
        a.unbind(11, NOWAIT).fails(ErrorCode.AGAIN);
        Heard unbound = a.unbind(11, 1_000);
        nodes.pass(1_000);
        unbound.fails(ErrorCode.TIMEDOUT);
        assertEquals(0, slot(11).flags(), "is still there");
        TestKernels.refused(ErrorCode.AGAIN, () -> kernel.unbind(Nodes.DC, 11));
    }

    @Test
    void ofABackupLeavesTheStub() throws DvsException {
        Program backup = nodes.bindHere(0, 10, BindKind.BACKUP, 1);
        backup.close();
        assertEquals(ProcessFlags.REMOTE, slot(10).flags());
        assertEquals(0, slot(10).misc());
        assertEquals(EndpointNumbers.NO_PID, slot(10).lpid());
    }

    // ---- waiting

    @Test
    void wait4bindEndsWhenTheEndpointIsBound() throws DvsException {
        Program a = nodes.bind(0, 10);
        Heard self = a.wait4bind(SELF, NOWAIT);
        self.ok();
        Heard bound = a.wait4bind(11, 1_000).waits();
        assertEquals(ProcessFlags.WAITBIND, a.info().flags());
        nodes.bind(0, 11);
        bound.ok();
        a.wait4bind(11, NOWAIT).ok();
        a.wait4bind(12, NOWAIT).fails(ErrorCode.AGAIN);
        Heard late = a.wait4bind(12, 50);
        nodes.pass(50);
        late.fails(ErrorCode.TIMEDOUT);
        assertEquals(0, a.info().flags());
        kernel.rmtbind(Nodes.DC, 12, "p12", 1);
        a.wait4bind(12, NOWAIT).ok();
    }

    @Test
    void wait4bindTellsErrorsFromEndpointsBelowZero() throws DvsException {
        Program task = nodes.bind(0, -5);
        task.wait4bind(SELF, NOWAIT).ok();
        task.wait4bind(ErrorCode.AGAIN.rcode(), NOWAIT).fails(ErrorCode.AGAIN);
        nodes.bind(0, ErrorCode.AGAIN.rcode());
        task.wait4bind(ErrorCode.AGAIN.rcode(), NOWAIT).ok();
        try (var thread = kernel.bind(Nodes.DC, -7, "t", BindKind.SELF, LOCALNODE)) {
            assertEquals(-7, thread.wait4bind(SELF, NOWAIT));
            assertEquals(-5, thread.wait4bind(-5, NOWAIT));
            TestKernels.refused(ErrorCode.AGAIN, () -> thread.wait4bind(-9, NOWAIT));
            TestKernels.refused(ErrorCode.TIMEDOUT, () -> thread.wait4bind(-12, 1));
        }
    }

    @Test
    void wait4bindOfOneselfByNumberIsRefused() throws DvsException {
        Program a = nodes.bind(0, 10);
        a.wait4bind(10, NOWAIT).fails(ErrorCode.ENDPOINT);
        a.wait4bind(5_000, NOWAIT).fails(ErrorCode.RANGE);
        a.wait4unbind(10, NOWAIT).fails(ErrorCode.ENDPOINT);
        a.wait4unbind(SELF, NOWAIT).fails(ErrorCode.ENDPOINT);
        a.wait4unbind(5_000, NOWAIT).fails(ErrorCode.RANGE);
    }

    @Test
    void wait4unbindEndsWhenTheEndpointIsFree() throws DvsException {
        Program a = nodes.bind(0, 10);
        Program b = nodes.bind(0, 11);
        a.wait4unbind(12, NOWAIT).ok();
        a.wait4unbind(11, NOWAIT).fails(ErrorCode.AGAIN);
        Heard late = a.wait4unbind(11, 10);
        nodes.pass(10);
        late.fails(ErrorCode.TIMEDOUT);
        Heard freed = a.wait4unbind(11, 1_000).waits();
        b.close();
        freed.ok();
    }

    @Test
    void getepFindsTheProcessOfThisNode() throws DvsException {
        Program a = nodes.bind(0, 10);
        assertEquals(10, a.self.getep(100));
        assertEquals(ErrorCode.BADRANGE.rcode(), a.self.getep(0));
        assertEquals(ErrorCode.BADRANGE.rcode(), a.self.getep(-1));
        assertEquals(ErrorCode.BADPID.rcode(), a.self.getep(Integer.MAX_VALUE));
        assertEquals(ErrorCode.NOTBIND.rcode(), a.self.getep((int) ProcessHandle.current().pid()));
    }

    // ---- generations

    private static Nodes counting() throws DvsException {
        return new Nodes(2, DvsParameters.DEFAULT, DcSettings::countingGenerations);
    }

    @Test
    void givesTheSameEndpointAgainWhereGenerationsAreNotCounted() throws DvsException {
        Program a = nodes.bind(0, 10);
        a.close();
        assertEquals(10, nodes.bindHere(0, 10, BindKind.SELF, LOCALNODE).number());
    }

    @Test
    void givesANewEndpointToEachUserOfASlotWhereGenerationsAreCounted() throws DvsException {
        Nodes counted = counting();
        Program a = counted.bind(0, 10);
        Program b = counted.bind(0, 11);
        assertEquals(11, b.number());
        b.close();
        Program second = counted.bindHere(0, 11, BindKind.SELF, LOCALNODE);
        assertEquals(35_570 + 11, second.number());

        a.send(11, 1).fails(ErrorCode.ENDPOINT);
        a.sendrec(11, 1).fails(ErrorCode.ENDPOINT);
        a.receive(11).fails(ErrorCode.ENDPOINT);
        a.tell(11).fails(ErrorCode.ENDPOINT);
        a.reply(11, 1).fails(ErrorCode.ENDPOINT);
        a.vcopy(11, 1, SELF, 1, 1).fails(ErrorCode.ENDPOINT);
        a.wait4bind(11, NOWAIT).fails(ErrorCode.ENDPOINT);
        a.wait4unbind(11, NOWAIT).ok();
        a.unbind(11, NOWAIT).fails(ErrorCode.ENDPOINT);
        TestKernels.refused(ErrorCode.ENDPOINT, () -> counted.kernel(0).unbind(Nodes.DC, 11));
        TestKernels.refused(ErrorCode.ENDPOINT, () -> counted.kernel(0).wakeup(Nodes.DC, 11));
        TestKernels.refused(ErrorCode.ENDPOINT, () -> counted.kernel(0).hdwNotify(Nodes.DC, 11));
        TestKernels.refused(ErrorCode.ENDPOINT, () -> counted.kernel(0).privileges(Nodes.DC, 11));
        TestKernels.refused(ErrorCode.ENDPOINT, () -> counted.kernel(0).migrateStart(Nodes.DC, 11));

        Heard received = second.receive();
        a.send(second.number(), 5).ok();
        received.brings(10, 5);
    }

    @Test
    void tellsTheOneThatJustEndedFromThoseBefore() throws DvsException {
        Nodes counted = counting();
        Program a = counted.bind(0, 10);
        for (int i = 0; i < 3; i++) {
            counted.bindHere(0, 11, BindKind.SELF, LOCALNODE).close();
        }
        int size = 35_570;
        a.send(2 * size + 11, 1).fails(ErrorCode.DSTDIED);
        a.sendrec(2 * size + 11, 1).fails(ErrorCode.DEADSRCDST);
        a.receive(2 * size + 11).fails(ErrorCode.SRCDIED);
        a.send(size + 11, 1).fails(ErrorCode.ENDPOINT);
        a.receive(11).fails(ErrorCode.ENDPOINT);
        TestKernels.refused(ErrorCode.ENDPOINT, () -> counted.bindHere(0, size + 11, BindKind.SELF, LOCALNODE));
        assertEquals(3 * size + 11, counted.bindHere(0, 3 * size + 11, BindKind.SELF, LOCALNODE).number());
    }

    @Test
    void aWaitForALaterGenerationEndsWithThat() throws DvsException {
        Nodes counted = counting();
        Program a = counted.bind(0, 10);
        Program b = counted.bindHere(0, 11, BindKind.SELF, LOCALNODE);
        int later = 35_570 + 11;
        a.wait4bind(later, NOWAIT).fails(ErrorCode.ENDPOINT);
        b.close();
        Heard bound = a.wait4bind(later, 1_000).waits();
        counted.bindHere(0, 11, BindKind.SELF, LOCALNODE);
        bound.ok();
    }

    @Test
    void stubsAndBackupsTakeOverTheGenerationOfTheirPrimary() throws DvsException {
        Nodes counted = counting();
        int later = 3 * 35_570 + 11;
        assertEquals(later, counted.kernel(0).rmtbind(Nodes.DC, later, "p11", 1));
        counted.kernel(0).unbind(Nodes.DC, later);
        Program backup = counted.bindHere(0, later, BindKind.BACKUP, 1);
        assertEquals(later, backup.number());
        assertEquals(later, counted.bindHere(1, later, BindKind.REPLICA, LOCALNODE).number());
    }

    // ---- privileges

    @Test
    void privilegesAreWhatACallNeeds() throws DvsException {
        Program a = nodes.bind(0, 10);
        Program b = nodes.bind(0, 11);
        Privileges all = kernel.privileges(Nodes.DC, 10);
        kernel.privileges(Nodes.DC, 10, new Privileges(5, 3, 12, new BitSet(), Call.bits(Call.SEND, Call.NOTIFY)));
        Privileges read = kernel.privileges(Nodes.DC, 10);
        assertEquals(5, read.id());
        assertEquals(3, read.level());
        assertEquals(12, read.warn());
        assertTrue(read.ipcTo().isEmpty());
        assertNotEquals(all, read);

        a.receive().fails(ErrorCode.BADCALL);
        a.sendrec(11, 1).fails(ErrorCode.BADCALL);
        a.rcvrqst().fails(ErrorCode.BADCALL);
        a.reply(11, 1).fails(ErrorCode.BADCALL);
        a.vcopy(11, 1, SELF, 1, 1).fails(ErrorCode.BADCALL);
        a.wait4bind(11, NOWAIT).fails(ErrorCode.BADCALL);
        a.unbind(11, NOWAIT).fails(ErrorCode.BADCALL);
        a.send(11, 1).fails(ErrorCode.TRAPDENIED);
        a.tell(11).fails(ErrorCode.TRAPDENIED);

        BitSet one = new BitSet();
        one.set(35 + 11);
        kernel.privileges(Nodes.DC, 10, new Privileges(5, 3, 12, one, all.allowed()));
        Heard received = b.receive();
        a.send(11, 1).ok();
        received.brings(10, 1);
        a.send(12, 1).fails(ErrorCode.TRAPDENIED);
    }

    @Test
    void privilegesOutOfRangeAreRefused() throws DvsException {
        nodes.bind(0, 10);
        Privileges p = kernel.privileges(Nodes.DC, 10);
        TestKernels.refused(ErrorCode.BADVALUE,
                () -> kernel.privileges(Nodes.DC, 10, new Privileges(1, 6, p.warn(), p.ipcTo(), p.allowed())));
        TestKernels.refused(ErrorCode.BADVALUE,
                () -> kernel.privileges(Nodes.DC, 10, new Privileges(1, -1, p.warn(), p.ipcTo(), p.allowed())));
        TestKernels.refused(ErrorCode.BADPROC,
                () -> kernel.privileges(Nodes.DC, 10, new Privileges(1, 0, 1_000, p.ipcTo(), p.allowed())));
        TestKernels.refused(ErrorCode.DSTDIED, () -> kernel.privileges(Nodes.DC, 11, p));
        TestKernels.refused(ErrorCode.NOTBIND, () -> kernel.privileges(Nodes.DC, 11));
        TestKernels.refused(ErrorCode.RANGE, () -> kernel.privileges(Nodes.DC, 1_000));
        assertFalse(kernel.privileges(Nodes.DC, 10).allowed() == 0);
    }

    @Test
    void aUserMayOnlyAskSystemProcesses() throws DvsException {
        Program user = nodes.bind(0, 100);
        nodes.bind(0, 101);
        nodes.bind(0, 10);
        user.send(10, 1).fails(ErrorCode.BADCALL);
        user.receive().fails(ErrorCode.BADCALL);
        user.tell(10).fails(ErrorCode.BADCALL);
        user.sendrec(10, 1).waits();
    }
}
