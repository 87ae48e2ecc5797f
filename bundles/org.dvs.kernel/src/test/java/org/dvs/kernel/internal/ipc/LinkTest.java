package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.Endpoint.NOWAIT;
import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.LOCALNODE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.NodeFlags;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.kernel.api.ProxyFlags;
import org.dvs.kernel.api.ProxyPair;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Connections that are lost, nodes that leave, and the pairs' side: dvs-kernel reference 11 (disconnection rules) and 12.2. */
@Tag("R-CMD-12")
@Tag("R-PXY-08")
class LinkTest {
    private final Nodes nodes = new Nodes(2);
    private final KernelCore kernel = nodes.kernel(0);
    private final Program sender = nodes.bind(0, 10);
    private final Program asker = nodes.bind(0, 11);
    private final Program receiver = nodes.bind(0, 12);
    private final Program local = nodes.bind(0, 13);
    private final Program remote = nodes.bind(1, 20);
    private final Program remote2 = nodes.bind(1, 21);

    LinkTest() throws DvsException {
    }

    private ProxyPair pair() {
        return nodes.link(0, 1).pairOf(0);
    }

    private static int flags(Program... programs) throws DvsException {
        int flags = 0;
        for (Program program : programs) {
            flags |= program.info().flags();
        }
        return flags;
    }

    @Test
    void whoeverWaitsForANodeThatIsLostIsTold() throws DvsException {
        Heard sent = sender.send(20, 1);
        Heard asked = asker.sendrec(20, 2);
        nodes.settle();
        Heard received = receiver.receive(20);
        Heard any = local.receive();
        nodes.link(0, 1).drop();
        sent.fails(ErrorCode.UNKNOWNOUTCOME);
        asked.fails(ErrorCode.UNKNOWNOUTCOME);
        received.fails(ErrorCode.NOTCONN);
        any.waits();
        assertEquals(0, flags(sender, asker, receiver));
        sender.send(20, 1).fails(ErrorCode.NOTCONN);
        asker.sendrec(20, 1).fails(ErrorCode.NOTCONN);
        receiver.receive(20).fails(ErrorCode.NOTCONN);
        sender.tell(20).fails(ErrorCode.NOTCONN);
        remote.receive(ANY, NOWAIT).fails(ErrorCode.AGAIN);
    }

    @Test
    void commandsThatWereNotTakenEndTooAndDoNotGoOutLater() throws DvsException {
        Heard sent = sender.send(20, 1);
        Heard told = asker.tell(20);
        nodes.link(0, 1).drop();
        sent.fails(ErrorCode.NOTCONN);
        told.fails(ErrorCode.NOTCONN);
        assertEquals(0, kernel.proxy(1).queued());
        nodes.link(0, 1).connect();
        assertEquals(0, nodes.link(0, 1).deliver());
        Heard again = sender.send(20, 2);
        nodes.settle();
        remote.receive().brings(10, 2);
        nodes.settle();
        again.ok();
    }

    @Test
    void aServerForgetsTheRequestsOfANodeThatIsLost() throws DvsException {
        asker.sendrec(20, 1);
        sender.send(20, 2);
        nodes.settle();
        remote.receive().brings(11, 1);
        nodes.link(0, 1).drop();
        assertEquals(0, remote.info().misc() & ProcessFlags.NOMIGRATE);
        remote.receive(ANY, NOWAIT).fails(ErrorCode.AGAIN);
        remote.reply(11, 2).fails(ErrorCode.NOTCONN);
        nodes.link(0, 1).connect();
        remote.reply(11, 2).fails(ErrorCode.PROCSTS);
    }

    @Test
    void aPairShowsWhatIsConnected() throws DvsException {
        assertEquals(NodeFlags.LOCAL, kernel.node(0).flags());
        assertEquals(NodeFlags.ATTACHED | NodeFlags.SENDER | NodeFlags.RECEIVER, kernel.node(1).flags());
        assertEquals(7, kernel.proxy(1).flags());
        pair().disconnectSender();
        assertEquals(NodeFlags.ATTACHED | NodeFlags.RECEIVER, kernel.node(1).flags());
        assertEquals(ProxyFlags.IN_USE | ProxyFlags.RECEIVER_CONNECTED, kernel.proxy(1).flags());
        pair().disconnectReceiver();
        assertEquals(NodeFlags.ATTACHED, kernel.node(1).flags());
        assertEquals(1, kernel.proxies().size());
        assertTrue(kernel.proxy(1).nodes().get(1));
        assertEquals("to-node1", kernel.proxy(1).name());
        assertEquals(65_536, kernel.proxy(1).maxBytes());
        assertTrue(kernel.node(1).dcs().get(Nodes.DC));
        assertEquals(0, kernel.node(LOCALNODE).id());
    }

    @Test
    void aNodeThatGoesDownTakesItsStubsAndMembershipsWithIt() throws DvsException {
        Heard sent = sender.send(20, 1);
        nodes.settle();
        Heard received = receiver.receive(21);
        kernel.nodeDown(1);
        sent.fails(ErrorCode.UNKNOWNOUTCOME);
        received.fails(ErrorCode.NOTCONN);
        assertTrue(kernel.process(Nodes.DC, 20).isFree());
        assertFalse(kernel.dc(Nodes.DC).nodes().get(1));
        assertEquals(1, kernel.nodes().size());
        assertEquals(0, kernel.node(1).flags());
        assertTrue(kernel.proxy(1).nodes().isEmpty());
        sender.send(20, 1).fails(ErrorCode.DSTDIED);
        TestKernels.refused(ErrorCode.NODEFREE, () -> kernel.nodeDown(1));
        TestKernels.refused(ErrorCode.NODCNODE, () -> kernel.rmtbind(Nodes.DC, 20, "p20", 1));
        TestKernels.refused(ErrorCode.NODEFREE, () -> kernel.addNode(Nodes.DC, 1));

        kernel.nodeUp("node1", 1, 1);
        kernel.addNode(Nodes.DC, 1);
        kernel.rmtbind(Nodes.DC, 20, "p20", 1);
        Heard again = sender.send(20, 2);
        nodes.settle();
        remote.receive().brings(10, 2);
        nodes.settle();
        again.ok();
    }

    @Test
    void aNodeThatLeavesADcIsAnsweredBeforeItsStubsGo() throws DvsException {
        Heard queued = remote.send(10, 1);
        Heard asked = remote2.sendrec(11, 2);
        nodes.settle();
        asker.receive().brings(21, 2);
        Heard here = local.send(20, 1);
        nodes.settle();
        kernel.delNode(Nodes.DC, 1);
        here.fails(ErrorCode.UNKNOWNOUTCOME);
        nodes.settle();
        queued.fails(ErrorCode.NODCNODE);
        asked.fails(ErrorCode.NODCNODE);
        assertTrue(kernel.process(Nodes.DC, 20).isFree());
        TestKernels.refused(ErrorCode.NODCNODE, () -> kernel.delNode(Nodes.DC, 1));
        kernel.addNode(Nodes.DC, 1);
        TestKernels.refused(ErrorCode.DCNODE, () -> kernel.addNode(Nodes.DC, 1));
    }

    @Test
    void aPairThatIsUnboundEndsItsNodes() throws DvsException {
        Heard sent = sender.send(20, 1);
        pair().unbind();
        sent.fails(ErrorCode.NOTCONN);
        assertEquals(1, kernel.nodes().size());
        TestKernels.refused(ErrorCode.PROXYFREE, () -> kernel.proxy(1));
        Command command = new Command();
        assertFalse(pair().poll(command));
        assertEquals(ErrorCode.NOPROXY, assertThrows(IpcException.class, () -> pair().get2rmt(command, NOWAIT)).code());
        pair().unbind();
        pair().connectSender();
        pair().connectReceiver();
        kernel.proxiesBind("next", 1, 65_536, 1);
        assertEquals(ProxyFlags.IN_USE, kernel.proxy(1).flags());
    }

    @Test
    void aPairMayServeSeveralNodes() throws DvsException {
        kernel.nodeUp("node2", 2, 1);
        kernel.addNode(Nodes.DC, 2);
        kernel.rmtbind(Nodes.DC, 25, "p25", 2);
        assertTrue(kernel.proxy(1).nodes().get(2));
        sender.send(25, 1);
        Command command = new Command();
        assertTrue(pair().poll(command));
        assertEquals(2, command.destinationNode);
        assertEquals(1, kernel.node(2).sent());
        assertEquals(0, kernel.node(1).sent());
        pair().disconnectReceiver();
        sender.send(25, 1);
        kernel.nodeUp("node2", 2, 1);
        pair().unbind();
        assertEquals(1, kernel.nodes().size());
    }

    // ---- get2rmt

    @Test
    void get2rmtWaitsForACommandAndTellsWhyThereIsNone() throws Exception {
        Command command = new Command();
        assertEquals(ErrorCode.TIMEDOUT, assertThrows(IpcException.class, () -> pair().get2rmt(command, NOWAIT)).code());
        assertEquals(ErrorCode.TIMEDOUT, assertThrows(IpcException.class, () -> pair().get2rmt(command, 5)).code());
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> {
            try {
                pair().get2rmt(command, TestKernels.LIMIT_MS);
                return command.code;
            } catch (IpcException e) {
                return e.rcode();
            }
        });
        sender.send(20, 1);
        assertEquals(Command.SEND_MSG, code.get(TestKernels.LIMIT_MS, TimeUnit.MILLISECONDS));
        CompletableFuture<Integer> lost = CompletableFuture.supplyAsync(() -> {
            try {
                pair().get2rmt(command, -1);
                return 0;
            } catch (IpcException e) {
                return e.rcode();
            }
        });
        pair().disconnectSender();
        assertEquals(ErrorCode.NOTCONN.rcode(), lost.get(TestKernels.LIMIT_MS, TimeUnit.MILLISECONDS));
        pair().connectSender();
        Thread.currentThread().interrupt();
        assertEquals(ErrorCode.INTR, assertThrows(IpcException.class, () -> pair().get2rmt(command, 1_000)).code());
        assertTrue(Thread.interrupted());
    }

    @Test
    void aListenerHearsOfWorkWhenThereWasNone() throws DvsException {
        AtomicInteger heard = new AtomicInteger();
        pair().onWork(heard::incrementAndGet);
        sender.send(20, 1);
        assertEquals(1, heard.get());
        asker.send(20, 1);
        assertEquals(1, heard.get());
        Command command = new Command();
        assertTrue(pair().poll(command));
        assertTrue(pair().poll(command));
        local.tell(20);
        assertEquals(2, heard.get());
        pair().onWork(heard::incrementAndGet);
        assertEquals(3, heard.get(), "what waits already");
        pair().onWork(() -> {
            throw new IllegalStateException("planted: a defect in a proxy");
        });
        pair().onWork(null);
        assertTrue(pair().poll(command));
    }

    @Test
    void theOldestCommandIsTakenFirstAndThoseNoLongerWantedAreLeftOut() {
        Heard first = sender.send(20, 1, 100);
        Heard second = asker.send(20, 2);
        Heard third = local.tell(20);
        nodes.pass(100);
        first.fails(ErrorCode.TIMEDOUT);
        Command command = new Command();
        assertTrue(pair().poll(command));
        assertEquals(11, command.source);
        assertTrue(pair().poll(command));
        assertEquals(Command.NTFY_MSG, command.code);
        third.ok();
        second.waits();
        assertFalse(pair().poll(command));
    }

    @Test
    void aCommandIsCheckedAgainWhenItIsTaken() throws DvsException {
        Heard sent = sender.send(20, 1);
        kernel.unbind(Nodes.DC, 20);
        assertFalse(pair().poll(new Command()));
        sent.fails(ErrorCode.DSTDIED);
        Heard notMember = asker.send(21, 1);
        kernel.delNode(Nodes.DC, 1);
        notMember.fails(ErrorCode.NOTCONN);
        assertFalse(pair().poll(new Command()));
    }

    @Test
    void backupsAndReplicasShareTheirEndpointWithAnotherNode() throws DvsException {
        Program backup = nodes.bindHere(1, 13 + 10, BindKind.BACKUP, 0);
        Program primary = nodes.bindHere(0, 23, BindKind.SELF, LOCALNODE);
        Heard standBy = backup.receive().waits();

        Heard asked = primary.sendrec(20, 1);
        nodes.settle();
        remote.receive().brings(23, 1);
        assertEquals(ProcessFlags.NOMIGRATE, remote.info().misc() & ProcessFlags.NOMIGRATE);
        Heard replied = remote.reply(23, 2);
        nodes.settle();
        replied.ok();
        asked.brings(20, 2);
        assertEquals(0, remote.info().misc() & ProcessFlags.NOMIGRATE);

        asked = primary.sendrec(20, 3);
        nodes.settle();
        remote.receive().brings(23, 3);
        Heard sent = remote.send(23, 4);
        nodes.settle();
        asked.brings(20, 4);
        sent.ok();

        Heard taken = primary.sendrec(20, 5);
        nodes.settle();
        remote.receive().brings(23, 5);
        remote.close();
        nodes.settle();
        taken.fails(ErrorCode.SRCDIED);

        Heard there = remote2.send(23, 6);
        nodes.settle();
        primary.receive().brings(21, 6);
        nodes.settle();
        there.ok();
        standBy.waits();
        assertEquals(0, remote2.info().flags());
    }

    @Test
    void theRequestsOfAPrimaryAreForgottenWithItsNodeAlsoBesideABackup() throws DvsException {
        nodes.bindHere(1, 23, BindKind.BACKUP, 0);
        Program primary = nodes.bindHere(0, 23, BindKind.SELF, LOCALNODE);
        primary.sendrec(20, 1);
        nodes.settle();
        remote.receive().brings(23, 1);
        nodes.link(0, 1).drop();
        assertEquals(0, remote.info().misc() & ProcessFlags.NOMIGRATE);
    }

    @Test
    void theAnswerStillFindsAPrimaryWhoseBackupHasLeft() throws DvsException {
        Program backup = nodes.bindHere(1, 23, BindKind.BACKUP, 0);
        Program primary = nodes.bindHere(0, 23, BindKind.SELF, LOCALNODE);
        Heard asked = primary.sendrec(20, 1);
        nodes.settle();
        remote.receive().brings(23, 1);
        backup.close();
        Heard replied = remote.reply(23, 2);
        nodes.settle();
        replied.ok();
        asked.brings(20, 2);
    }
}
