package org.dvs.kernel.internal.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.ProxyFlags;
import org.dvs.kernel.api.ProxyPair;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Proxies that leave a pair and others that take it over. Names finish the sentence "proxies …". */
@Tag("R-PXY-05")
class TakeOverTest {
    private static final int FAR = 20;
    private static final long KEEP_MS = 60_000;
    private static final int CONNECTED = ProxyFlags.IN_USE | ProxyFlags.SENDER_CONNECTED | ProxyFlags.RECEIVER_CONNECTED;

    private final Nodes nodes = new Nodes(2);
    private final KernelCore kernel = nodes.kernel(0);
    private final Program sender = nodes.bind(0, 10);
    private final ProxyPair before = nodes.link(0, 1).pairOf(0);

    TakeOverTest() throws DvsException {
        nodes.bind(1, FAR);
    }

    private int flags() throws DvsException {
        return kernel.proxy(1).flags();
    }

    @Test
    void thatNobodyFollowsLeaveADisconnectedPair() throws DvsException {
        before.leave(KEEP_MS);
        nodes.pass(KEEP_MS - 1);
        assertEquals(CONNECTED, flags());
        nodes.pass(1);
        assertEquals(ProxyFlags.IN_USE, flags());
        sender.send(FAR, 1).fails(ErrorCode.NOTCONN);
    }

    @Test
    void thatLeaveLateDoNotCutOffThoseThatHaveTakenOver() throws DvsException {
        AtomicInteger heard = new AtomicInteger();
        kernel.proxyPair(1).onWork(heard::incrementAndGet);
        before.leave(KEEP_MS);
        nodes.pass(KEEP_MS);
        assertEquals(CONNECTED, flags());
        sender.send(FAR, 1).waits();
        assertEquals(1, heard.get(), "they still hear of what is to be sent");
    }

    @Test
    void thatHavePairsNoMoreSayNothingOfThem() throws DvsException {
        AtomicInteger heard = new AtomicInteger();
        ProxyPair now = kernel.proxyPair(1);
        now.onWork(heard::incrementAndGet);
        before.onWork(null);
        before.disconnectSender();
        before.disconnectReceiver();
        assertEquals(CONNECTED, flags());
        sender.send(FAR, 1).waits();
        assertEquals(1, heard.get());
        now.disconnectSender();
        now.disconnectReceiver();
        before.connectSender();
        before.connectReceiver();
        assertEquals(ProxyFlags.IN_USE, flags());
    }

    @Test
    void thatHaveLeftSayNothingMore() throws DvsException {
        before.leave(KEEP_MS);
        before.disconnectSender();
        before.leave(0);
        nodes.pass(0);
        assertEquals(CONNECTED, flags(), "kept for those that come");
        kernel.proxyPair(1).leave(0);
        nodes.pass(0);
        assertEquals(ProxyFlags.IN_USE, flags(), "they have gone as well");
    }
}
