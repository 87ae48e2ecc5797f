package org.dvs.testkit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.Change;
import org.dvs.cluster.api.Channel;
import org.dvs.cluster.api.Delivery;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.Receiver;
import org.dvs.cluster.api.View;
import org.junit.jupiter.api.Test;

class ImmediateClusterTest {
    private static final byte[] HELLO = {1};
    private final List<String> heard = new ArrayList<>();
    private Channel channel;

    private final Receiver receiver = new Receiver() {
        @Override
        public void multicast(Delivery delivery) {
            heard.add("multicast from " + delivery.source());
            try {
                channel.send(delivery.source(), HELLO);
            } catch (DvsException e) {
                heard.add(e.code().name());
            }
            heard.add("multicast done");
        }

        @Override
        public void direct(Delivery delivery) {
            heard.add("direct from " + delivery.source());
        }

        @Override
        public void view(View view) {
            heard.add("view of " + view.members().size());
        }
    };

    @Test
    void deliversBeforeTheCallReturnsAndNeverFromWithinADelivery() throws Exception {
        ImmediateCluster cluster = new ImmediateCluster();
        channel = cluster.open("test", receiver);
        channel.multicast(HELLO);
        assertEquals(List.of("view of 1", "multicast from 0", "multicast done", "direct from 0"), heard);
        assertEquals(ErrorCode.RSCBUSY, assertThrows(DvsException.class, () -> cluster.open("test", receiver)).code());
        channel.close();
        heard.clear();
        channel.multicast(HELLO);
        assertEquals(List.of(), heard);
        cluster.open("test", receiver);
        assertEquals(List.of("view of 1", "multicast from 0", "multicast done", "direct from 0"), heard, "it has waited");
    }

    @Test
    void deliversBeforeTheCallReturnsAlsoWhileAnotherThreadIsDelivering() throws Exception {
        ImmediateCluster cluster = new ImmediateCluster();
        Thread test = Thread.currentThread();
        CountDownLatch delivering = new CountDownLatch(1);
        List<String> order = new CopyOnWriteArrayList<>();
        channel = cluster.open("test", new Receiver() {
            @Override
            public void multicast(Delivery delivery) {
                delivering.countDown();
                await().until(() -> test.getState() == Thread.State.TIMED_WAITING);
                order.add("multicast");
            }

            @Override
            public void direct(Delivery delivery) {
                throw new AssertionError("nobody sends this");
            }

            @Override
            public void view(View view) {
                order.add("view of " + view.members().size());
            }
        });
        Thread other = new Thread(() -> cluster.multicastArrives("test", 0, HELLO));
        other.start();
        assertTrue(delivering.await(10, TimeUnit.SECONDS));
        cluster.members(true, new Member(1, "node1"));
        assertEquals(List.of("view of 1", "multicast", "view of 2"), order);
        other.join(10_000);
    }

    @Test
    void isNotReadyBeforeItHasJoined() throws Exception {
        ImmediateCluster cluster = new ImmediateCluster(new Member(1, "node1"), false);
        channel = cluster.open("test", receiver);
        assertEquals(ErrorCode.NOTREADY, assertThrows(DvsException.class, () -> channel.multicast(HELLO)).code());
        assertFalse(cluster.joined().isDone());
        cluster.members(true, new Member(0, "node0"));
        assertEquals(List.of("view of 2"), heard);
        assertTrue(cluster.joined().isDone());
    }

    @Test
    void keepsWhatIsSentToMembersThatAreOnlySaidToBeThere() throws Exception {
        ImmediateCluster cluster = new ImmediateCluster();
        channel = cluster.open("test", receiver);
        cluster.members(true, new Member(4, "node4"));
        cluster.multicastArrives("test", 4, HELLO);
        assertEquals(4, cluster.sent().get(0).to());
        assertEquals(ErrorCode.DSTNOTRCH, assertThrows(DvsException.class, () -> channel.send(9, HELLO)).code());
    }

    @Test
    void commitsOnConditionAndTellsWatchersOnceInOrder() throws Exception {
        ImmediateCluster cluster = new ImmediateCluster();
        cluster.state().commit(new Change().put("dvs/a", HELLO).put("other", HELLO)).join();
        try (AutoCloseable watch = cluster.state().watch("dvs/", (key, entry) -> heard.add(key + entry.isPresent()))) {
            cluster.state().commit(new Change().put("dvs/b", HELLO).remove("dvs/a").remove("dvs/absent")).join();
        }
        cluster.state().commit(new Change().put("dvs/c", HELLO)).join();
        assertEquals(List.of("dvs/atrue", "dvs/btrue", "dvs/afalse"), heard);
        assertEquals(List.of("dvs/b", "dvs/c"), List.copyOf(cluster.state().list("dvs/").keySet()));
        assertEquals(ErrorCode.CONFLICT, code(new Change().expectAbsent("dvs/b").put("x", HELLO), cluster));
        assertTrue(cluster.state().get("x").isEmpty());
        assertEquals(ErrorCode.TOOBIG, code(new Change().put("k".repeat(257), HELLO), cluster));
        assertEquals(ErrorCode.TOOBIG, code(new Change().put("big", new byte[512 * 1024 + 1]), cluster));
        cluster.members(false, new Member(1, "node1"), new Member(2, "node2"));
        assertEquals(ErrorCode.NOTREADY, code(new Change().put("x", HELLO), cluster));
    }

    private static ErrorCode code(Change change, ImmediateCluster cluster) {
        CompletionException failure =
                assertThrows(CompletionException.class, () -> cluster.state().commit(change).join());
        return ((DvsException) failure.getCause()).code();
    }
}
