package org.dvs.cluster.jgroups.internal.engine;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.Change;
import org.dvs.cluster.api.Delivery;
import org.dvs.cluster.api.Receiver;
import org.dvs.cluster.api.View;
import org.dvs.cluster.jgroups.internal.order.Peer;
import org.junit.jupiter.api.Test;

/** The engine's parts. */
class PartsTest {
    private final AtomicLong now = new AtomicLong();

    private static ChannelPort.Item message(int size, AtomicInteger taken) {
        return new ChannelPort.Item.Message(new Delivery(0, 0, new View(1, List.of(), 0, true), new byte[size]), false,
                taken::incrementAndGet);
    }

    /** Blocks at each message until released. */
    private static final class Slow implements Receiver {
        final CountDownLatch release = new CountDownLatch(1);
        final List<Integer> sizes = new CopyOnWriteArrayList<>();

        @Override
        public void multicast(Delivery delivery) {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            sizes.add(delivery.payload().length);
            if (delivery.payload().length == 13) {
                throw new IllegalStateException("a receiver's defect");
            }
        }

        @Override
        public void direct(Delivery delivery) {
            multicast(delivery);
        }

        @Override
        public void view(View view) {
            sizes.add(-1);
        }
    }

    @Test
    void aPortHoldsWhenItIsFullAndLosesOnlyAfterFiveSeconds() {
        Slow slow = new Slow();
        AtomicInteger room = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        ChannelPort port = new ChannelPort("c", slow, 3, 1_000, now::get, room::incrementAndGet);
        for (int i = 0; i < 3; i++) {
            port.put(message(i, taken));
        }
        assertTrue(port.full());
        port.put(message(3, taken));
        assertTrue(port.holds());
        now.set(ChannelPort.STUCK_AFTER + 1);
        assertFalse(port.holds(), "the cluster goes on without it");
        port.put(message(4, taken));
        port.put(new ChannelPort.Item.Change(new View(2, List.of(), 0, true)));
        assertEquals(1, port.lost());
        assertEquals(1, taken.get(), "what is lost is not owed for");
        port.start();
        slow.release.countDown();
        await().until(() -> slow.sizes.equals(List.of(0, 1, 2, 3, -1)));
        await().until(() -> room.get() == 1 && !port.full());
        assertEquals(5, taken.get());
        port.put(message(13, taken));
        port.put(message(14, taken));
        await().until(() -> slow.sizes.contains(14));
        assertEquals(List.of(), port.end());
        port.awaitEnd();
        port.put(message(15, taken));
        assertFalse(slow.sizes.contains(15));
    }

    private static Delivery delivery(int source, int size) {
        return new Delivery(source, 0, new View(1, List.of(), 0, true), new byte[size]);
    }

    private static List<Integer> sources(List<ChannelPort.Item.Message> messages) {
        return messages.stream().map(message -> message.delivery().source()).toList();
    }

    @Test
    void whatWaitsForAChannelIsBoundedInNumberBytesAndTime() {
        Unopened unopened = new Unopened(3, 1_000);
        for (int i = 0; i < 4; i++) {
            unopened.add(i % 2 == 0 ? "even" : "odd", delivery(i, 100), i == 2, 0);
        }
        assertEquals(1, unopened.dropped(), "the oldest makes room");
        List<ChannelPort.Item.Message> even = unopened.take("even", 5_000_000);
        assertEquals(List.of(2), sources(even));
        assertTrue(even.get(0).direct());
        assertEquals(5, even.get(0).delivery().waitedMs());
        assertEquals(List.of(), unopened.take("even", 5_000_000), "no message twice");
        assertEquals(List.of(1, 3), sources(unopened.take("odd", 0)));
        unopened.add("even", delivery(4, 1_000), false, 0);
        assertEquals(1, unopened.dropped(), "1000 bytes are not too many");
        unopened.add("even", delivery(5, 1), false, 0);
        assertEquals(2, unopened.dropped());
        unopened.expire(Unopened.KEPT_FOR);
        assertEquals(List.of(5), sources(unopened.take("even", Unopened.KEPT_FOR)));
        unopened.add("odd", delivery(6, 1), false, 0);
        assertEquals(List.of(), unopened.take("odd", Unopened.KEPT_FOR + 1));
        assertEquals(3, unopened.dropped());
    }

    @Test
    void whatWaitsASecondTimeIsNoYoungerForIt() {
        Unopened unopened = new Unopened(3, 1_000);
        unopened.add("c", delivery(0, 1), false, 0);
        long half = Unopened.KEPT_FOR / 2;
        unopened.add("c", unopened.take("c", half).get(0).delivery(), false, half);
        unopened.expire(Unopened.KEPT_FOR + 1);
        assertEquals(1, unopened.dropped());
    }

    @Test
    void creditsLetOneWindowOutAndAreGivenBack() {
        Credits credits = new Credits(1_000);
        Peer a = new Peer(1, 1);
        assertTrue(credits.take(a, 5_000), "a single message may be larger");
        assertFalse(credits.take(a, 1));
        credits.giveBack(a, 4_500);
        assertTrue(credits.take(a, 500));
        assertFalse(credits.take(a, 1));
        assertTrue(credits.take(new Peer(2, 1), 1), "each peer has its own");
        credits.forgive(a);
        assertTrue(credits.take(a, 1_000));
        credits.retain(Set.of());
        assertTrue(credits.take(a, 1_000));
        assertEquals(0, credits.owe(a, 100));
        assertEquals(150, credits.owe(a, 50));
        assertEquals(0, credits.owe(a, 20), "told already");
    }

    @Test
    void theStateSaysNotReadyUntilItIsOpenAndWhyAfterItFailed() {
        StateFront state = new StateFront();
        assertEquals(AgreedState.NEVER, state.age());
        assertTrue(state.get("a").isEmpty());
        assertTrue(state.list("").isEmpty());
        assertEquals(ErrorCode.NOTREADY, code(assertThrows(ExecutionException.class, () -> state.sync().get())));
        state.fail(new DvsException(ErrorCode.LOGDAMAGED, "segment-1 at 77"));
        ExecutionException failed = assertThrows(ExecutionException.class,
                () -> state.commit(new Change().put("a", new byte[0])).get());
        assertEquals(ErrorCode.LOGDAMAGED, code(failed));
        assertEquals("segment-1 at 77", failed.getCause().getMessage());
    }

    private static ErrorCode code(ExecutionException failed) {
        return ((DvsException) failed.getCause()).code();
    }
}
