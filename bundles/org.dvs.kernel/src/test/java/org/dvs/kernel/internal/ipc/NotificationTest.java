package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.Endpoint.NOWAIT;
import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.HARDWARE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.ProcessFlags;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** notify and wakeup among processes of one node: dvs-kernel reference 8.5 and 8.7. */
@Tag("R-CMD-14")
class NotificationTest {
    private final Nodes nodes = new Nodes(1);
    private final KernelCore kernel = nodes.kernel(0);
    private final Program task = nodes.bind(0, -5);
    private final Program a = nodes.bind(0, 10);
    private final Program b = nodes.bind(0, 11);

    NotificationTest() throws DvsException {
    }

    @Test
    void reachesAProcessThatReceives() {
        Heard heard = b.receive();
        nodes.pass(1_234);
        long now = nodes.time.nanoTime() / 1_000_000;
        a.tell(11).ok();
        Message message = heard.bringsNotification(10, 0).message;
        assertEquals(Message.NOTIFY + 10, message.type());
        assertEquals(now / 1000, message.getLong(Message.M9_SECONDS));
        assertEquals(now % 1000 * 1_000_000, message.getInt(Message.M9_NANOS));
    }

    @Test
    void isKeptForOneThatDoesNotAndSeveralAreOne() throws DvsException {
        a.tell(11).ok();
        a.tell(11).ok();
        assertEquals(ProcessFlags.NOTIFY, b.info().misc() & ProcessFlags.NOTIFY);
        b.receive().bringsNotification(10, 0);
        assertEquals(0, b.info().misc() & ProcessFlags.NOTIFY);
        b.receive(ANY, NOWAIT).fails(ErrorCode.AGAIN);
    }

    @Test
    void comesBeforeMessagesAndLowestSenderFirst() throws DvsException {
        Program c = nodes.bind(0, 12);
        Program user = nodes.bind(0, 100);
        user.sendrec(12, 5);
        b.tell(12).ok();
        a.tell(12).ok();
        task.tell(12).ok();
        c.receive().bringsNotification(-5, 0);
        c.receive().bringsNotification(10, 0);
        c.receive().bringsNotification(11, 0);
        c.receive().brings(100, 5);
    }

    @Test
    void ofAnotherSourceIsNotDelivered() throws DvsException {
        Program c = nodes.bind(0, 12);
        a.tell(12).ok();
        Heard fromB = c.receive(11).waits();
        a.tell(12).ok();
        fromB.waits();
        b.tell(12).ok();
        fromB.bringsNotification(11, 0);
        c.receive(11, NOWAIT).fails(ErrorCode.AGAIN);
        c.receive(10).bringsNotification(10, 0);
    }

    @Test
    void isNoAnswerToARequest() {
        Heard answer = a.sendrec(11, 1);
        b.receive().brings(10, 1);
        b.tell(10).ok();
        answer.waits();
        b.reply(10, 2).ok();
        answer.brings(11, 2);
        a.receive().bringsNotification(11, 0);
    }

    @Test
    void valuesAreGatheredAsBits() throws DvsException {
        Program c = nodes.bind(0, 12);
        a.tell(12, 0).ok();
        a.tell(12, 31).ok();
        b.tell(12, 4).ok();
        c.receive().bringsNotification(10, 1 | 1 << 31 | 1 << 4);
        c.receive().bringsNotification(11, 0);

        Heard direct = c.receive();
        a.tell(12, 7).ok();
        direct.bringsNotification(10, 1 << 7);
        a.tell(12).ok();
        c.receive().bringsNotification(10, 0);
    }

    @Test
    void ofNobodyComesFromTheHardware() throws DvsException {
        kernel.hdwNotify(Nodes.DC, 11);
        TestKernels.refused(ErrorCode.OVERRUN, () -> kernel.hdwNotify(Nodes.DC, 11));
        a.tell(11).ok();
        b.receive().bringsNotification(10, 0);
        b.receive().bringsNotification(HARDWARE, 0);
        Heard direct = b.receive();
        kernel.hdwNotify(Nodes.DC, 11);
        direct.bringsNotification(HARDWARE, 0);
    }

    @Test
    void ofAProcessThatEndsIsForgotten() throws DvsException {
        a.tell(11, 3).ok();
        a.close();
        assertEquals(0, b.info().misc() & ProcessFlags.NOTIFY);
        b.receive(ANY, NOWAIT).fails(ErrorCode.AGAIN);
        task.tell(11).ok();
        b.receive().bringsNotification(-5, 0);
    }

    @Test
    void wakeupEndsTheWaitForAnybody() throws DvsException {
        Heard woken = a.receive();
        kernel.wakeup(Nodes.DC, 10);
        woken.fails(ErrorCode.WOKENUP);
        a.receive().waits();
    }

    @Test
    void wakeupIsRememberedByAProcessThatDoesNotWaitForAnybody() throws DvsException {
        TestKernels.refused(ErrorCode.PROCRUN, () -> kernel.wakeup(Nodes.DC, 10));
        assertEquals(ProcessFlags.WOKENUP, a.info().misc() & ProcessFlags.WOKENUP);
        a.receive(11, NOWAIT).fails(ErrorCode.AGAIN);
        b.tell(10);
        a.receive().fails(ErrorCode.WOKENUP);
        a.receive().bringsNotification(11, 0);

        Heard one = a.receive(11);
        TestKernels.refused(ErrorCode.PROCSTS, () -> kernel.wakeup(Nodes.DC, 10));
        one.waits();
    }
}
