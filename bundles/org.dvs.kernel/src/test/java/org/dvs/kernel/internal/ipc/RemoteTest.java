package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.Endpoint.NOWAIT;
import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.NONE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.NodeInfo;
import org.dvs.kernel.api.ProcessFlags;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Messages between nodes: the sequences of dvs-kernel reference 13. C is on node 0, S on node 1. */
@Tag("R-CMD-14")
@Tag("R-PXY-08")
class RemoteTest {
    private final Nodes nodes = new Nodes(2);
    private final Program c = nodes.bind(0, 10);
    private final Program s = nodes.bind(1, 11);
    private final Program user = nodes.bind(0, 100);

    RemoteTest() throws DvsException {
    }

    private void carried(List<Integer> there, List<Integer> back) {
        assertEquals(there, nodes.link(0, 1).delivered(1));
        assertEquals(back, nodes.link(0, 1).delivered(0));
    }

    // ---- one that the other node does not know

    @Test
    void aServerWhoseClientsNodeHasForgottenItGoesOn() throws DvsException {
        Heard asked = c.sendrec(11, 1);
        nodes.settle();
        s.receive().brings(10, 1);
        nodes.kernel(0).unbind(Nodes.DC, 11);
        nodes.settle();
        asked.fails(ErrorCode.UNKNOWNOUTCOME);
        s.reply(10, 2).settledFails(nodes, ErrorCode.BADSRCDST);
        s.send(10, 3).settledFails(nodes, ErrorCode.BADSRCDST);
        s.sendrec(10, 4).settledFails(nodes, ErrorCode.BADSRCDST);
        nodes.kernel(0).rmtbind(Nodes.DC, 11, "p11", 1);
        asked = c.sendrec(11, 5);
        nodes.settle();
        s.receive().brings(10, 5);
        s.reply(10, 6);
        nodes.settle();
        asked.brings(11, 6);
    }

    @Test
    void aReplyThatIsQueuedWhenItsClientIsForgottenIsNotTheServersEnd() throws DvsException {
        c.sendrec(11, 1);
        nodes.settle();
        s.receive().brings(10, 1);
        Heard replied = s.reply(10, 2);
        nodes.kernel(1).unbind(Nodes.DC, 10);
        replied.settledFails(nodes, ErrorCode.DSTDIED);
    }

    @Test
    void aDcThatDoesNotRunThereIsNotTheEndOfTheCallersHere() throws DvsException {
        nodes.kernel(0).dcEnd(Nodes.DC);
        s.send(10, 1).settledFails(nodes, ErrorCode.NODCNODE);
        s.sendrec(10, 1).settledFails(nodes, ErrorCode.NODCNODE);
    }

    // ---- send

    @Test
    void aSendToAProcessThatReceivesEndsWithTheAcknowledgement() throws DvsException {
        Heard received = s.receive();
        Heard sent = c.send(11, 1).waits();
        assertEquals(ProcessFlags.SENDING | ProcessFlags.RMTOPER, c.info().flags());
        assertEquals(1, c.info().proxy());
        assertEquals(11, c.info().sendTo());
        nodes.settle();
        received.brings(10, 1);
        sent.ok();
        carried(List.of(Command.SEND_MSG), List.of(Command.SEND_ACK));
        assertEquals(0, c.info().flags());
        assertEquals(NONE, c.info().proxy());
        assertEquals(1, c.info().rmtSent());
        assertEquals(0, c.info().lclSent());
    }

    @Test
    void aSendToABusyProcessIsAcknowledgedWhenItIsTaken() throws DvsException {
        Heard sent = c.send(11, 1);
        nodes.settle();
        sent.waits();
        carried(List.of(Command.SEND_MSG), List.of());
        assertEquals(ProcessFlags.SENDING, c.info().flags());
        assertEquals(ProcessFlags.REMOTE | ProcessFlags.SENDING, c.infoAt(nodes.kernel(1)).flags());
        s.receive().brings(10, 1);
        sent.waits();
        nodes.settle();
        sent.ok();
        carried(List.of(), List.of(Command.SEND_ACK));
        assertEquals(ProcessFlags.REMOTE, c.infoAt(nodes.kernel(1)).flags());
    }

    @Test
    void remoteAndLocalSendersAreServedInTheOrderOfTheirArrival() throws DvsException {
        Program local = nodes.bind(1, 12);
        c.send(11, 1);
        local.send(11, 2);
        nodes.settle();
        s.receive().brings(12, 2);
        s.receive().brings(10, 1);
    }

    @Test
    void everyHeaderCarriesThePidAndTheTimeOfTheKernel() {
        c.send(11, 1);
        nodes.pass(5_000);
        long now = nodes.time.nanoTime() / 1_000_000;
        nodes.settle();
        Command sent = nodes.link(0, 1).last(1);
        assertEquals(100, sent.pid);
        assertEquals(now, sent.timestamp);
        assertEquals(0, sent.sourceNode);
        assertEquals(1, sent.destinationNode);
        assertEquals(10, sent.message.source());
        nodes.pass(5_000);
        s.receive();
        nodes.settle();
        Command ack = nodes.link(0, 1).last(0);
        assertEquals(100, ack.pid);
        assertEquals(now + 5_000, ack.timestamp);
        assertEquals(11, ack.source);
        assertEquals(10, ack.destination);
    }

    // ---- sendrec and reply

    @Test
    void aRequestAnsweredByReplyTakesThreeCommands() throws DvsException {
        Heard request = s.rcvrqst();
        Heard answer = c.sendrec(11, 1).waits();
        nodes.settle();
        request.brings(10, 1);
        answer.waits();
        assertEquals(ProcessFlags.RECEIVING, c.info().flags());
        assertEquals(ProcessFlags.ATOMIC, c.info().misc() & ProcessFlags.ATOMIC);
        assertEquals(ProcessFlags.NOMIGRATE, s.info().misc() & ProcessFlags.NOMIGRATE);
        assertEquals(ProcessFlags.REMOTE | ProcessFlags.RECEIVING, c.infoAt(nodes.kernel(1)).flags());

        Heard replied = s.reply(10, 2).waits();
        nodes.settle();
        replied.ok();
        answer.brings(11, 2);
        carried(List.of(Command.SNDREC_MSG, Command.SEND_ACK), List.of(Command.REPLY_MSG));
        assertEquals(0, c.info().misc() & ProcessFlags.ATOMIC);
        assertEquals(0, s.info().misc() & ProcessFlags.NOMIGRATE);
        assertEquals(1, c.info().rmtSent());
        assertEquals(1, s.info().rmtSent());
    }

    @Test
    void fiveRoundsCountTenCommandsSentAndFiveReceived() throws DvsException {
        for (int i = 0; i < 5; i++) {
            Heard answer = user.sendrec(11, i);
            nodes.settle();
            s.receive().brings(100, i);
            s.send(100, -i);
            nodes.settle();
            answer.brings(11, -i);
        }
        NodeInfo seen = nodes.kernel(0).node(1);
        assertEquals(10, seen.sent());
        assertEquals(5, seen.received());
        assertEquals(5, nodes.kernel(1).node(0).sent());
        assertEquals(10, nodes.kernel(1).node(0).received());
        assertTrue(seen.sentAt() > 0 && seen.receivedAt() > 0);
    }

    @Test
    void aReplyThatMustNotWaitCanBeGivenAgainWithWaiting() {
        Heard answer = c.sendrec(11, 1);
        nodes.settle();
        s.receive().brings(10, 1);
        assertEquals(ErrorCode.RMTPROC.rcode(), s.self.reply(10, TestKernels.message(2)));
        s.reply(10, 2, NOWAIT).fails(ErrorCode.AGAIN);
        s.send(10, 2, NOWAIT).fails(ErrorCode.AGAIN);
        Heard replied = s.reply(10, 3);
        nodes.settle();
        replied.ok();
        answer.brings(11, 3);
    }

    @Test
    void aReplyToAClientThatDoesNotWaitIsRefused() {
        s.reply(10, 1).fails(ErrorCode.PROCSTS);
        Heard received = c.receive(11);
        s.reply(10, 1).fails(ErrorCode.PROCSTS);
        received.waits();
    }

    @Test
    void anAnswerToARequestThatWasGivenUpIsNotTheAnswerOfTheNext() throws DvsException {
        Heard first = c.sendrec(11, 1, 100);
        nodes.settle();
        s.receive().brings(10, 1);
        nodes.link(0, 1).hold(1);
        nodes.pass(100);
        first.fails(ErrorCode.TIMEDOUT);
        Heard second = c.sendrec(11, 2);
        Heard late = s.reply(10, 10);
        nodes.settle();
        second.waits();
        nodes.link(0, 1).release(1);
        nodes.settle();
        late.fails(ErrorCode.PROCSTS);
        s.receive().brings(10, 2);
        Heard replied = s.reply(10, 20);
        nodes.settle();
        replied.ok();
        second.brings(11, 20);
        assertEquals(0, s.info().misc() & ProcessFlags.NOMIGRATE);
    }

    @Test
    void aSentAnswerToARequestThatWasGivenUpIsRefusedBecauseBothWouldWait() {
        Heard first = c.sendrec(11, 1, 100);
        nodes.settle();
        s.receive().brings(10, 1);
        nodes.link(0, 1).hold(1);
        nodes.pass(100);
        first.fails(ErrorCode.TIMEDOUT);
        Heard second = c.sendrec(11, 2);
        Heard late = s.send(10, 10);
        nodes.settle();
        second.waits();
        nodes.link(0, 1).release(1);
        nodes.settle();
        late.fails(ErrorCode.LOCKED);
        s.receive().brings(10, 2);
        s.send(10, 20);
        nodes.settle();
        second.brings(11, 20);
    }

    @Test
    void twoThatSendToEachOtherAreToldInsteadOfWaitingForEver() {
        Heard there = c.send(11, 1);
        Heard back = s.send(10, 2);
        nodes.settle();
        there.fails(ErrorCode.LOCKED);
        back.fails(ErrorCode.LOCKED);
        Heard asked = c.sendrec(11, 3);
        nodes.settle();
        Heard meanwhile = s.send(10, 4);
        nodes.settle();
        meanwhile.fails(ErrorCode.LOCKED);
        asked.waits();
        Heard crossing = s.sendrec(10, 5);
        nodes.settle();
        crossing.fails(ErrorCode.LOCKED);
        s.receive().brings(10, 3);
        Heard asksBack = s.sendrec(10, 6);
        nodes.settle();
        asked.brings(11, 6);
        asksBack.waits();
    }

    @Test
    void aMessageThatWasLeftOverFromAfarIsTheAnswer() {
        Heard left = s.send(10, 2);
        nodes.settle();
        c.sendrec(11, 1).brings(11, 2);
        nodes.settle();
        left.ok();
    }

    // ---- notify

    @Test
    void aNotificationEndsWhenTheProxyHasTakenItAndIsNotAnswered() throws DvsException {
        Heard told = c.tell(11, 3).waits();
        assertEquals(ProcessFlags.RMTOPER, c.info().flags());
        nodes.settle();
        told.ok();
        carried(List.of(Command.NTFY_MSG), List.of());
        s.receive().bringsNotification(10, 1 << 3);
        Heard direct = s.receive();
        c.tell(11);
        nodes.settle();
        direct.bringsNotification(10, 0);
        assertEquals(2, c.info().rmtSent());
    }

    @Test
    void notificationsFromAfarCoalesceToo() {
        c.tell(11, 1);
        nodes.settle();
        c.tell(11, 2);
        nodes.settle();
        s.receive().bringsNotification(10, 1 << 1 | 1 << 2);
        s.receive(ANY, NOWAIT).fails(ErrorCode.AGAIN);
    }

    // ---- time-outs

    @Test
    void aCallThatMustNotWaitLeavesNoCommandBehind() {
        c.send(11, 1, NOWAIT).fails(ErrorCode.AGAIN);
        c.sendrec(11, 1, NOWAIT).fails(ErrorCode.AGAIN);
        nodes.settle();
        carried(List.of(), List.of());
    }

    @Test
    void aCallWhoseTimeIsOverBeforeItIsTakenIsNotSent() throws DvsException {
        Heard sent = c.send(11, 1, 100);
        nodes.pass(100);
        sent.fails(ErrorCode.TIMEDOUT);
        assertEquals(0, nodes.kernel(0).proxy(1).queued());
        nodes.settle();
        carried(List.of(), List.of());
    }

    @Test
    void anAcknowledgementThatComesTooLateIsRejectedAndDisturbsNobody() {
        Heard sent = c.send(11, 1, 100);
        nodes.settle();
        nodes.pass(100);
        sent.fails(ErrorCode.TIMEDOUT);
        s.receive().brings(10, 1);
        Heard next = c.send(11, 2);
        nodes.settle();
        next.waits();
        assertEquals(ErrorCode.ACKDST.rcode(), nodes.link(0, 1).pairOf(0).put2lcl(nodes.link(0, 1).last(0)));
        s.receive().brings(10, 2);
        nodes.settle();
        next.ok();
    }

    @Test
    void aNewCallSupersedesOneThatWasGivenUp() {
        Heard first = c.send(11, 1, 100);
        nodes.settle();
        nodes.pass(100);
        first.fails(ErrorCode.TIMEDOUT);
        Heard second = c.send(11, 2);
        nodes.settle();
        s.receive().brings(10, 2);
        s.receive(ANY, NOWAIT).fails(ErrorCode.AGAIN);
        nodes.settle();
        second.ok();
    }

    @Test
    void acknowledgementsFromTheWrongProcessOrForNobodyAreRejected() throws DvsException {
        nodes.bind(1, 12);
        Heard sent = c.send(11, 1);
        nodes.settle();
        Command ack = new Command();
        ack.code = Command.SEND_ACK;
        ack.dcid = Nodes.DC;
        ack.source = 12;
        ack.destination = 10;
        ack.sourceNode = 1;
        ack.destinationNode = 0;
        ack.call = nodes.link(0, 1).last(1).call;
        assertEquals(ErrorCode.ACKSRC.rcode(), nodes.link(0, 1).pairOf(0).put2lcl(ack));
        ack.source = 11;
        ack.call--;
        assertEquals(ErrorCode.ACKDST.rcode(), nodes.link(0, 1).pairOf(0).put2lcl(ack));
        ack.call++;
        ack.destination = 100;
        assertEquals(ErrorCode.ACKDST.rcode(), nodes.link(0, 1).pairOf(0).put2lcl(ack));
        ack.destination = 200;
        assertEquals(ErrorCode.ACKDST.rcode(), nodes.link(0, 1).pairOf(0).put2lcl(ack));
        ack.destination = 10;
        for (int copy : new int[] {Command.COPYIN_ACK, Command.COPYOUT_DATA, Command.COPYLCL_ACK, Command.COPYRMT_ACK}) {
            ack.code = copy;
            assertEquals(ErrorCode.ACKWAIT.rcode(), nodes.link(0, 1).pairOf(0).put2lcl(ack));
        }
        ack.code = Command.SNDREC_ACK;
        assertEquals(ErrorCode.ACKDST.rcode(), nodes.link(0, 1).pairOf(0).put2lcl(ack));
        ack.code = 0x2fff;
        assertEquals(ErrorCode.BADREQUEST.rcode(), nodes.link(0, 1).pairOf(0).put2lcl(ack));
        sent.waits();
        s.receive();
        nodes.settle();
        sent.ok();
    }

    @Test
    void aRequestIsNotEndedByAnAcknowledgementWithoutError() {
        Heard answer = c.sendrec(11, 1);
        nodes.settle();
        Command ack = new Command();
        ack.code = Command.SNDREC_ACK;
        ack.dcid = Nodes.DC;
        ack.source = 11;
        ack.destination = 10;
        ack.sourceNode = 1;
        ack.destinationNode = 0;
        ack.call = nodes.link(0, 1).last(1).call;
        assertEquals(0, nodes.link(0, 1).pairOf(0).put2lcl(ack));
        answer.waits();
        s.receive().brings(10, 1);
        s.reply(10, 2);
        nodes.settle();
        answer.brings(11, 2);
    }
}
