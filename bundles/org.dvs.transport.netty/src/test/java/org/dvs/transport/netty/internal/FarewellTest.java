package org.dvs.transport.netty.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.transport.api.CloseReason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.netty.channel.embedded.EmbeddedChannel;

/** The end of a link … */
@Tag("R-PXY-05")
class FarewellTest {
    private static final long WRITE_MS = 30_000;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Farewell farewell = new Farewell(channel, null);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void isForTheFirstReasonUnlessItFails() {
        assertNull(farewell.end());
        farewell.note(CloseReason.LOCAL, "");
        farewell.note(CloseReason.RESET, "later");
        assertEquals(new LinkEnd(CloseReason.LOCAL, ""), farewell.end());

        farewell.fails(new LinkEnd(CloseReason.WRITE_TIMEOUT, "the deadline passed"));
        farewell.note(CloseReason.PEER, "");
        assertEquals(CloseReason.WRITE_TIMEOUT, farewell.end().reason());
    }

    @Test
    void isAwaitedAsLongAsAWriteMayTakeAndThenASecondForThePeer() {
        assertFalse(farewell.overdue(Long.MAX_VALUE, WRITE_MS), "nothing ends yet");

        AtomicInteger sent = new AtomicInteger();
        farewell.sends(1_000, sent::incrementAndGet);
        channel.runPendingTasks();
        assertEquals(1, sent.get());
        assertFalse(farewell.overdue(30_999, WRITE_MS));
        assertTrue(farewell.overdue(31_000, WRITE_MS));

        farewell.lingers(31_000);
        assertFalse(farewell.overdue(31_999, WRITE_MS));
        assertTrue(farewell.overdue(32_000, WRITE_MS));
    }
}
