package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.Endpoint.NOWAIT;
import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.LOCALNODE;
import static org.dvs.kernel.api.EndpointNumbers.SELF;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.kernel.api.ProcessInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the others get when P ends: the rows of dvs-kernel reference 9.3 in their order, with the codes of upstream-results 9.3,
 * for peers on P's node and on another; then the warning of 9.4. P is endpoint 10 on node 0.
 */
@Tag("R-CMD-14")
class ExitTest {
    private final Nodes nodes = new Nodes(2);
    private final Program p = nodes.bind(0, 10);
    private final Program local = nodes.bind(0, 11);
    private final Program other = nodes.bind(0, 12);
    private final Program remote = nodes.bind(1, 13);

    ExitTest() throws DvsException {
    }

    private void pEnds() {
        p.close();
        nodes.settle();
    }

    private static int runs(Program program) throws DvsException {
        return program.info().flags();
    }

    @Test
    void aLocalSenderThatWasNotServedGetsDstdied() throws DvsException {
        Heard sent = local.send(10, 1);
        pEnds();
        assertEquals(-109, sent.fails(ErrorCode.DSTDIED).rcode());
        assertEquals(0, runs(local));
    }

    @Test
    void aLocalRequestThatWasNotTakenGetsDstdied() throws DvsException {
        Heard asked = local.sendrec(10, 1);
        pEnds();
        assertEquals(-109, asked.fails(ErrorCode.DSTDIED).rcode());
        assertEquals(0, runs(local));
    }

    @Test
    void aRemoteSenderThatWasNotServedGetsDstdied() throws DvsException {
        Heard sent = remote.send(10, 1);
        nodes.settle();
        pEnds();
        sent.fails(ErrorCode.DSTDIED);
        assertEquals(0, runs(remote));
    }

    @Test
    void aRemoteRequestThatWasNotTakenGetsDstdied() {
        Heard asked = remote.sendrec(10, 1);
        nodes.settle();
        pEnds();
        asked.fails(ErrorCode.DSTDIED);
    }

    @Test
    void aReceiverThatWaitsForJustThisOneGetsSrcdied() throws DvsException {
        Heard received = local.receive(10);
        pEnds();
        assertEquals(-108, received.fails(ErrorCode.SRCDIED).rcode());
        assertEquals(0, runs(local));
    }

    @Test
    void aLocalRequestThatWasTakenGetsSrcdied() throws DvsException {
        Heard asked = local.sendrec(10, 1);
        p.receive().brings(11, 1);
        pEnds();
        assertEquals(-108, asked.fails(ErrorCode.SRCDIED).rcode());
        assertEquals(0, local.info().misc() & ProcessFlags.ATOMIC);
        assertEquals(0, runs(local));
    }

    @Test
    void aRemoteRequestThatWasTakenGetsSrcdied() throws DvsException {
        Heard asked = remote.sendrec(10, 1);
        nodes.settle();
        p.receive().brings(13, 1);
        pEnds();
        asked.fails(ErrorCode.SRCDIED);
        assertEquals(0, remote.info().misc() & ProcessFlags.ATOMIC);
        assertEquals(0, runs(remote));
    }

    @Test
    void aReceiverThatWaitsForAnybodyIsNotDisturbed() {
        Heard received = local.receive();
        Heard afar = remote.receive();
        pEnds();
        received.waits();
        afar.waits();
    }

    @Test
    void notificationsThatItPostedAreErased() {
        p.tell(11).ok();
        other.tell(11).ok();
        pEnds();
        local.receive().bringsNotification(12, 0);
        local.receive(ANY, NOWAIT).fails(ErrorCode.AGAIN);
    }

    @Test
    void aNotificationThatWaitsForItIsGoneWithItAndNobodyIsTold() {
        local.tell(10).ok();
        pEnds();
        local.tell(10).fails(ErrorCode.DSTDIED);
    }

    @Test
    void aServerThatItAskedMayMigrateAgain() throws DvsException {
        p.sendrec(11, 1);
        local.receive().brings(10, 1);
        assertEquals(ProcessFlags.NOMIGRATE, local.info().misc() & ProcessFlags.NOMIGRATE);
        pEnds();
        assertEquals(0, local.info().misc() & ProcessFlags.NOMIGRATE);
        local.reply(10, 2).fails(ErrorCode.DSTDIED);
    }

    @Test
    void aServerAfarThatItAskedLearnsByTheErrorOfItsAnswer() throws DvsException {
        p.sendrec(13, 1);
        nodes.settle();
        remote.receive().brings(10, 1);
        pEnds();
        Heard replied = remote.reply(10, 2);
        nodes.settle();
        replied.fails(ErrorCode.DSTDIED);
        assertEquals(0, remote.info().misc() & ProcessFlags.NOMIGRATE);
    }

    @Test
    void whoWaitsForItsMigrationGetsDstdied() throws DvsException {
        p.receive();
        nodes.kernel(0).migrateStart(Nodes.DC, 10);
        Heard sent = local.send(10, 1);
        assertEquals(ProcessFlags.WAITMIGR, runs(local));
        assertEquals(10, local.info().waitMigrate());
        pEnds();
        sent.fails(ErrorCode.DSTDIED);
        assertEquals(0, runs(local));
    }

    @Test
    void whoWaitsForItsEndIsReleased() throws DvsException {
        Heard waited = local.wait4unbind(10, 1_000);
        Heard unbound = other.unbind(10, 1_000);
        waited.waits();
        unbound.waits();
        pEnds();
        waited.ok();
        unbound.ok();
        assertEquals(0, runs(local));
    }

    @Test
    void itsOwnQueuedCommandAndMessageAreWithdrawn() throws DvsException {
        p.send(13, 1);
        assertEquals(1, nodes.kernel(0).proxy(1).queued());
        pEnds();
        assertEquals(0, nodes.kernel(0).proxy(1).queued());
        remote.receive(ANY, NOWAIT).fails(ErrorCode.AGAIN);

        Program again = nodes.bindHere(0, 10, BindKind.SELF, LOCALNODE);
        again.send(11, 2);
        again.close();
        local.receive(ANY, NOWAIT).fails(ErrorCode.AGAIN);
    }

    @Test
    void otherNodesKeepTheirStubAndLearnByErrors() throws DvsException {
        pEnds();
        assertEquals(ProcessFlags.REMOTE, nodes.kernel(1).process(Nodes.DC, 10).flags());
        Heard sent = remote.send(10, 1);
        Heard far = nodes.bind(1, 14).sendrec(10, 1);
        nodes.settle();
        sent.fails(ErrorCode.DSTDIED);
        far.fails(ErrorCode.DSTDIED);
    }

    @Test
    void aCopyThatItOrderedOrWasPartOfEnds() throws DvsException {
        Heard waits = remote.receive();
        long mine = local.expose(ByteBuffer.allocate(100));
        long far = remote.expose(ByteBuffer.allocate(100));
        p.receive();
        Heard copied = local.vcopy(SELF, mine, 13, far, 100).waits();
        TestKernels.refused(ErrorCode.ONCOPY, () -> nodes.kernel(0).unbind(Nodes.DC, 11));
        local.close();
        copied.fails(ErrorCode.NOTBIND);
        nodes.settle();
        waits.waits();

        long mine2 = other.expose(ByteBuffer.allocate(100));
        Heard fromP = other.vcopy(10, 1, 13, far, 100);
        fromP.fails(ErrorCode.FAULT);
        long ofP = p.expose(ByteBuffer.allocate(100));
        fromP = other.vcopy(10, ofP, 13, far, 100).waits();
        pEnds();
        fromP.fails(ErrorCode.SRCDIED);
        assertEquals(0, runs(other));
        Heard toStub = other.vcopy(SELF, mine2, 13, far, 100).waits();
        nodes.kernel(0).unbind(Nodes.DC, 13);
        toStub.fails(ErrorCode.DSTDIED);
        assertEquals(0, runs(other));
    }

    @Test
    void aStubThatIsForgottenTellsThoseWhoWaitForIt() throws DvsException {
        Heard sent = p.send(13, 1);
        nodes.settle();
        Heard asked = local.sendrec(13, 1);
        nodes.settle();
        Heard received = other.receive(13);
        Heard late = nodes.bind(0, 14).sendrec(13, 1);
        nodes.kernel(0).unbind(Nodes.DC, 13);
        // Both are at the other node, where the process may take them yet.
        sent.fails(ErrorCode.UNKNOWNOUTCOME);
        asked.fails(ErrorCode.UNKNOWNOUTCOME);
        late.fails(ErrorCode.DSTDIED);
        received.fails(ErrorCode.SRCDIED);
        assertEquals(0, runs(p) | runs(local) | runs(other));
    }

    @Test
    void aCommandOfAForgottenStubThatWasNotTakenEndsToo() throws DvsException {
        Heard sent = p.send(13, 1);
        nodes.kernel(0).unbind(Nodes.DC, 13);
        nodes.settle();
        sent.fails(ErrorCode.DSTDIED);
        assertEquals(0, runs(p));
    }

    // ---- the end of a DC and of the DVS

    private void everybodyWaits(Heard[] calls) throws DvsException {
        calls[0] = p.receive();
        calls[1] = local.sendrec(10, 1);
        calls[2] = other.send(11, 1);
        calls[3] = remote.sendrec(11, 2);
        Program far = nodes.bind(1, 14);
        Program far2 = nodes.bind(1, 15);
        calls[4] = far.send(12, 3);
        nodes.settle();
        calls[5] = far2.sendrec(10, 4);
        Program here = nodes.bind(0, 16);
        calls[6] = here.sendrec(13, 5);
        Program waiter = nodes.bind(0, 17);
        calls[7] = waiter.wait4bind(20, 60_000);
        Program waiter2 = nodes.bind(0, 18);
        calls[8] = waiter2.wait4unbind(17, 60_000);
        nodes.settle();
    }

    @Test
    void theEndOfADcEndsTheWaitOfEverybodyHereAndAfar() throws DvsException {
        Heard[] calls = new Heard[9];
        everybodyWaits(calls);
        nodes.kernel(0).dcEnd(Nodes.DC);
        nodes.settle();
        for (Heard call : calls) {
            assertEquals(true, call.hasEnded(), call.toString());
        }
        p.receive().fails(ErrorCode.DCNOTRUN);
        p.close();
        TestKernels.refused(ErrorCode.DCNOTRUN, () -> nodes.kernel(0).dc(Nodes.DC));
        Heard sent = remote.send(10, 1);
        Heard asked = nodes.bindHere(1, 20, BindKind.SELF, LOCALNODE).sendrec(10, 1);
        nodes.settle();
        // Their own DC runs.
        sent.fails(ErrorCode.NODCNODE);
        asked.fails(ErrorCode.NODCNODE);
    }

    @Test
    void theEndOfTheDvsEndsTheWaitOfEverybodyHere() throws DvsException {
        Heard[] calls = new Heard[9];
        everybodyWaits(calls);
        nodes.kernel(0).dvsEnd();
        for (int here : new int[] {0, 1, 2, 6, 7, 8}) {
            assertEquals(true, calls[here].hasEnded(), calls[here].toString());
        }
        TestKernels.refused(ErrorCode.DVSINIT, () -> nodes.kernel(0).dcs());
        TestKernels.refused(ErrorCode.DVSINIT, () -> nodes.kernel(0).dvsEnd());
        assertEquals(ErrorCode.NOPROXY, assertThrows(IpcException.class,
                () -> nodes.link(0, 1).pairOf(0).get2rmt(new Command(), NOWAIT)).code());
        nodes.kernel(0).dvsInit(0, "node0", DvsParameters.DEFAULT);
        assertEquals(0, nodes.kernel(0).dcs().size());
    }

    // ---- the warning

    private static Nodes warning() throws DvsException {
        return new Nodes(2, DvsParameters.DEFAULT, dc -> dc.warning(5, 77));
    }

    private static void warned(Heard received, int source, int exitCode) {
        received.ok();
        assertEquals(source, received.message.source());
        assertEquals(77, received.message.type());
        assertEquals(exitCode, received.message.getInt(Message.M1_I1));
        assertEquals(-1, received.message.getInt(Message.M1_I2));
    }

    private static ProcessInfo slot(Nodes of, int number) throws DvsException {
        return of.kernel(0).process(Nodes.DC, number);
    }

    @Test
    void theOneToBeWarnedIsToldTheExitCodeAndTheEndWaitsForItsAnswer() throws DvsException {
        Nodes dc = warning();
        Program init = dc.bind(0, 5);
        Program child = dc.bind(0, 100);
        Heard received = init.receive();
        ((LoopEndpoint) child.self).close(3);
        warned(received, 100, 3);
        assertEquals(ProcessFlags.RECEIVING, slot(dc, 100).flags());
        child.sendrec(5, 1).fails(ErrorCode.NOTBIND);
        child.close();
        assertEquals(ProcessFlags.RECEIVING, slot(dc, 100).flags(), "closing it again shortens nothing");
        init.reply(100, 0).ok();
        assertEquals(ProcessFlags.SLOT_FREE, slot(dc, 100).flags());
        child.sendrec(5, 1).fails(ErrorCode.NOTBIND);
    }

    @Test
    void theEndWaitsThirtySecondsForOneThatDoesNotListen() throws DvsException {
        Nodes dc = warning();
        Program init = dc.bind(0, 5);
        Program child = dc.bind(0, 100);
        child.close();
        assertEquals(ProcessFlags.SENDING | ProcessFlags.RECEIVING, slot(dc, 100).flags());
        dc.pass(29_999);
        assertEquals(ProcessFlags.SENDING | ProcessFlags.RECEIVING, slot(dc, 100).flags());
        dc.pass(1);
        assertEquals(ProcessFlags.SLOT_FREE, slot(dc, 100).flags());
        init.receive(ANY, NOWAIT).fails(ErrorCode.AGAIN);
    }

    @Test
    void theOneToBeWarnedMayBeOnAnotherNode() throws DvsException {
        Nodes dc = warning();
        Program init = dc.bind(1, 5);
        Program child = dc.bind(0, 100);
        Heard received = init.receive();
        child.close();
        dc.settle();
        warned(received, 100, 0);
        init.reply(100, 0);
        dc.settle();
        assertEquals(ProcessFlags.SLOT_FREE, slot(dc, 100).flags());
    }

    @Test
    void theWarningIsGivenWhateverTheProcessDidBefore() throws DvsException {
        Nodes dc = warning();
        Program init = dc.bind(0, 5);
        Program child = dc.bind(0, 100);
        Heard asked = child.sendrec(5, 1);
        init.receive().brings(100, 1);
        init.reply(100, 2).ok();
        asked.brings(5, 2);
        child.close();
        warned(init.receive(), 100, 0);
        init.reply(100, 0);

        Program inCall = dc.bindHere(0, 100, BindKind.SELF, LOCALNODE);
        asked = inCall.sendrec(5, 1);
        init.receive().brings(100, 1);
        inCall.close();
        asked.fails(ErrorCode.NOTBIND);
        warned(init.receive(), 100, 0);
        init.reply(100, 0);

        Program told = dc.bindHere(0, 100, BindKind.SELF, LOCALNODE);
        init.unbind(100, NOWAIT).fails(ErrorCode.AGAIN);
        told.close();
        warned(init.receive(), 100, 0);
        init.reply(100, 0);
        assertEquals(ProcessFlags.SLOT_FREE, slot(dc, 100).flags());
    }

    @Test
    void nobodyIsWarnedOfTheEndOfTheOneToBeWarnedOrOfADc() throws DvsException {
        Nodes dc = warning();
        Program init = dc.bind(0, 5);
        Program child = dc.bind(0, 100);
        init.close();
        assertEquals(ProcessFlags.SLOT_FREE, slot(dc, 5).flags());
        child.close();
        assertEquals(ProcessFlags.SLOT_FREE, slot(dc, 100).flags());
        Program again = dc.bindHere(0, 5, BindKind.SELF, LOCALNODE);
        dc.bindHere(0, 100, BindKind.SELF, LOCALNODE);
        Heard received = again.receive();
        dc.kernel(0).dcEnd(Nodes.DC);
        received.fails(ErrorCode.DCNOTRUN);
    }

    @Test
    void theEndOfTheOneToBeWarnedEndsTheWaitForIt() throws DvsException {
        Nodes dc = warning();
        Program init = dc.bind(0, 5);
        dc.bind(0, 100).close();
        init.close();
        assertEquals(ProcessFlags.SLOT_FREE, slot(dc, 100).flags());
    }
}
