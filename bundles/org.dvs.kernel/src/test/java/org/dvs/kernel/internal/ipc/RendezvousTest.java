package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.Endpoint.NOWAIT;
import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.NONE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.kernel.api.ProcessInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** send, receive, sendrec, rcvrqst and reply among processes of one node: dvs-kernel reference 8.1 to 8.4. */
@Tag("R-CMD-14")
class RendezvousTest {
    private final Nodes nodes = new Nodes(1);
    private final Program a = nodes.bind(0, 10);
    private final Program b = nodes.bind(0, 11);
    private final Program c = nodes.bind(0, 12);

    RendezvousTest() throws DvsException {
    }

    // ---- send and receive

    @Test
    void aSendToAProcessThatReceivesEndsAtOnce() throws DvsException {
        Heard received = b.receive().waits();
        assertEquals(ProcessFlags.RECEIVING, b.info().flags());
        assertEquals(ANY, b.info().getFrom());

        a.send(11, 1).ok();

        received.brings(10, 1);
        assertEquals(0, b.info().flags());
        assertEquals(NONE, b.info().getFrom());
        assertEquals(1, a.info().lclSent());
    }

    @Test
    void aSendToABusyProcessWaitsUntilItIsTaken() throws DvsException {
        Heard sent = a.send(11, 1).waits();
        assertEquals(ProcessFlags.SENDING, a.info().flags());
        assertEquals(11, a.info().sendTo());
        assertEquals(0, a.info().lclSent());

        b.receive().brings(10, 1);

        sent.ok();
        assertEquals(0, a.info().flags());
        assertEquals(NONE, a.info().sendTo());
        assertEquals(1, a.info().lclSent());
    }

    @Test
    void sendersAreServedInTheirOrder() {
        a.send(12, 1);
        b.send(12, 2);
        c.receive().brings(10, 1);
        a.send(12, 3);
        c.receive().brings(11, 2);
        c.receive().brings(10, 3);
        c.receive().waits();
    }

    @Test
    void aReceiveFromOneProcessLeavesTheOthersQueued() {
        Heard first = a.send(12, 1);
        b.send(12, 2);
        c.receive(11).brings(11, 2);
        first.waits();
        c.receive(11).waits();
    }

    @Test
    void aReceiverThatWaitsForAnotherDoesNotTakeTheMessage() {
        Heard received = c.receive(11);
        a.send(12, 1).waits();
        received.waits();
        b.send(12, 2).ok();
        received.brings(11, 2);
    }

    @Test
    void theSourceIsTheKernelsAndNotTheSenders() {
        Heard received = b.receive();
        Heard sent = new Heard("send", TestKernels.message(1).source(12));
        a.self.send(11, sent.message, Endpoint.FOREVER, sent);
        sent.ok();
        received.brings(10, 1);
    }

    @Test
    void whatTheSenderWritesAfterTheRendezvousDoesNotReachTheReceiver() {
        Heard received = b.receive();
        a.send(11, 1).ok().message.putInt(0, 99);
        received.brings(10, 1);
    }

    @Test
    void callsThatWouldWaitAndMustNotEndWithAgain() throws DvsException {
        a.send(11, 1, NOWAIT).fails(ErrorCode.AGAIN);
        a.receive(ANY, NOWAIT).fails(ErrorCode.AGAIN);
        a.sendrec(11, 1, NOWAIT).fails(ErrorCode.AGAIN);
        a.rcvrqst(NOWAIT).fails(ErrorCode.AGAIN);
        assertEquals(0, a.info().flags());
        b.receive(ANY, NOWAIT).fails(ErrorCode.AGAIN);
    }

    @Test
    void aProcessThatNeverReceivesHoldsNothingOfThoseThatDoNotWait() {
        for (int i = 0; i < 5_000; i++) {
            a.send(11, i, NOWAIT).fails(ErrorCode.AGAIN);
        }
        b.receive(ANY, NOWAIT).fails(ErrorCode.AGAIN);
    }

    @Test
    void callsEndWhenTheirTimeIsOverAndLeaveNothingBehind() throws DvsException {
        Heard sent = a.send(12, 1, 100);
        Heard received = b.receive(10, 200);
        nodes.pass(99);
        sent.waits();
        nodes.pass(1);
        sent.fails(ErrorCode.TIMEDOUT);
        assertEquals(0, a.info().flags());
        received.waits();
        nodes.pass(100);
        received.fails(ErrorCode.TIMEDOUT);

        c.receive(ANY, NOWAIT).fails(ErrorCode.AGAIN);
        assertEquals(0, nodes.time.waiting(), "deadlines left");
    }

    @Test
    void aDeadlineDoesNotTouchTheNextCall() {
        Heard first = a.receive(ANY, 100);
        b.send(10, 1).ok();
        first.brings(11, 1);
        Heard second = a.receive();
        nodes.pass(1_000);
        second.waits();
    }

    @Test
    void aNegativeTimeoutThatIsNotForeverIsInvalid() {
        a.send(11, 1, -2).fails(ErrorCode.INVAL);
        a.receive(ANY, -2).fails(ErrorCode.INVAL);
    }

    @Test
    void twoThatSendToEachOtherAreToldInsteadOfWaitingForEver() {
        Heard sent = a.send(11, 1).waits();
        b.send(10, 2).fails(ErrorCode.LOCKED);
        b.sendrec(12, 3).waits();
        sent.waits();
    }

    @Test
    void aSecondCallMeanwhileIsRefused() {
        Heard received = a.receive();
        a.send(11, 1).fails(ErrorCode.PROCRUN);
        a.receive().fails(ErrorCode.PROCRUN);
        received.waits();
        b.send(10, 7).ok();
        received.brings(11, 7);
    }

    // ---- sendrec

    @Test
    void aRequestIsAnsweredByReply() throws DvsException {
        Heard request = b.receive();
        Heard answer = a.sendrec(11, 1).waits();
        request.brings(10, 1);
        assertEquals(ProcessFlags.RECEIVING, a.info().flags());
        assertEquals(ProcessFlags.ATOMIC, a.info().misc() & ProcessFlags.ATOMIC);
        assertEquals(11, a.info().getFrom());
        assertEquals(ProcessFlags.NOMIGRATE, b.info().misc() & ProcessFlags.NOMIGRATE);

        b.reply(10, 2).ok();

        answer.brings(11, 2);
        assertEquals(0, a.info().misc() & ProcessFlags.ATOMIC);
        assertEquals(0, b.info().misc() & ProcessFlags.NOMIGRATE);
        assertEquals(1, a.info().lclSent());
        assertEquals(1, b.info().lclSent());
    }

    @Test
    void aRequestIsAnsweredBySend() throws DvsException {
        Heard answer = a.sendrec(11, 1).waits();
        ProcessInfo waiting = a.info();
        assertEquals(ProcessFlags.SENDING | ProcessFlags.RECEIVING, waiting.flags());
        b.receive().brings(10, 1);
        b.send(10, 2).ok();
        answer.brings(11, 2);
        assertEquals(0, b.info().misc() & ProcessFlags.NOMIGRATE);
    }

    @Test
    void aMessageThatThePeerLeftOverIsTheAnswer() {
        Heard left = b.send(10, 2).waits();
        a.sendrec(11, 1).brings(11, 2);
        left.ok();
    }

    @Test
    void onlyThePeersMessageIsTheAnswer() {
        Heard answer = a.sendrec(11, 1);
        b.receive().brings(10, 1);
        Heard other = c.send(10, 9).waits();
        answer.waits();
        b.reply(10, 2).ok();
        answer.brings(11, 2);
        a.receive().brings(12, 9);
        other.ok();
    }

    @Test
    void aRequestWhoseTimeIsOverIsAnsweredToNobody() throws DvsException {
        Heard answer = a.sendrec(11, 1, 100);
        b.receive().brings(10, 1);
        nodes.pass(100);
        answer.fails(ErrorCode.TIMEDOUT);
        assertEquals(0, b.info().misc() & ProcessFlags.NOMIGRATE);
        b.reply(10, 2).fails(ErrorCode.PROCSTS);
        a.receive(ANY, NOWAIT).fails(ErrorCode.AGAIN);
    }

    @Test
    void aRequestWhoseTimeIsOverBeforeItIsTakenIsNotTaken() {
        Heard answer = a.sendrec(11, 1, 100);
        nodes.pass(100);
        answer.fails(ErrorCode.TIMEDOUT);
        b.receive(ANY, NOWAIT).fails(ErrorCode.AGAIN);
    }

    @Test
    void aRequestThatCrossesAnotherIsTold() {
        a.sendrec(11, 1).waits();
        b.sendrec(10, 2).fails(ErrorCode.LOCKED);
    }

    @Test
    void aServerHoldsAnyNumberOfRequestsUntilItHasAnsweredThemAll() throws DvsException {
        Heard first = a.sendrec(12, 1);
        Heard second = b.sendrec(12, 2);
        c.receive().brings(10, 1);
        c.receive().brings(11, 2);
        c.reply(11, 20).ok();
        second.brings(12, 20);
        assertEquals(ProcessFlags.NOMIGRATE, c.info().misc() & ProcessFlags.NOMIGRATE);
        c.reply(10, 10).ok();
        first.brings(12, 10);
        assertEquals(0, c.info().misc() & ProcessFlags.NOMIGRATE);
    }

    // ---- rcvrqst and reply

    @Test
    void rcvrqstTakesRequestsAndLeavesPlainSendsQueued() {
        Heard plain = a.send(12, 1);
        Heard request = b.sendrec(12, 2);
        c.rcvrqst().brings(11, 2);
        plain.waits();
        c.reply(11, 3).ok();
        request.brings(12, 3);
        c.receive().brings(10, 1);
    }

    @Test
    void rcvrqstThatWaitsIsNotEndedByAPlainSend() {
        Heard request = c.rcvrqst().waits();
        Heard plain = a.send(12, 1).waits();
        request.waits();
        b.sendrec(12, 2).waits();
        request.brings(11, 2);
        plain.waits();
    }

    @Test
    void rcvrqstTakesNoNotification() {
        a.tell(12).ok();
        Heard request = c.rcvrqst().waits();
        b.tell(12).ok();
        request.waits();
        a.sendrec(12, 2).waits();
        request.brings(10, 2);
        c.receive().bringsNotification(10, 0);
        c.receive().bringsNotification(11, 0);
    }

    @Test
    void aReplyToSomebodyWhoDoesNotWaitForItIsRefused() {
        a.reply(11, 1).fails(ErrorCode.PROCSTS);
        b.receive();
        a.reply(11, 1).fails(ErrorCode.PROCSTS);
        c.receive(11);
        a.reply(12, 1).fails(ErrorCode.PROCSTS);
    }

    @Test
    void aReplyCanNotBeGivenTwice() {
        Heard answer = a.sendrec(11, 1);
        b.receive();
        b.reply(10, 2).ok();
        answer.brings(11, 2);
        b.reply(10, 3).fails(ErrorCode.PROCSTS);
    }

    @Test
    void theReplyThatDoesNotWaitGivesItsResult() {
        Heard answer = a.sendrec(11, 1);
        b.receive();
        assertEquals(0, b.self.reply(10, TestKernels.message(2)));
        answer.brings(11, 2);
        assertEquals(ErrorCode.PROCSTS.rcode(), b.self.reply(10, TestKernels.message(2)));
    }

    @Test
    void twoHundredUsersAreAllServedOnce() throws DvsException {
        List<Heard> sent = new ArrayList<>();
        for (int i = 20; i < 220; i++) {
            Program user = nodes.bind(0, i);
            sent.add(user.sendrec(10, i));
        }
        for (int i = 20; i < 220; i++) {
            a.receive().brings(i, i);
            a.reply(i, -i).ok();
        }
        for (int i = 0; i < sent.size(); i++) {
            sent.get(i).brings(10, -(i + 20));
        }
        a.receive(ANY, NOWAIT).fails(ErrorCode.AGAIN);
    }
}
