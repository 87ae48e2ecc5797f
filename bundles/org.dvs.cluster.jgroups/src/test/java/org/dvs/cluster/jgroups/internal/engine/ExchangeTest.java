package org.dvs.cluster.jgroups.internal.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.dvs.cluster.api.Channel;
import org.dvs.cluster.api.Delivery;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.Receiver;
import org.dvs.cluster.api.View;
import org.dvs.cluster.jgroups.internal.order.Epoch;
import org.dvs.cluster.jgroups.internal.order.Frame;
import org.dvs.cluster.jgroups.internal.order.Peer;
import org.dvs.cluster.jgroups.internal.order.Seat;
import org.dvs.cluster.jgroups.internal.order.TotalOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Channels that are not open yet, or not at the moment; names finish the sentence "the exchange …". */
@Tag("R-CMD-01")
class ExchangeTest {
    private static final int QUEUE_BYTES = 3 << 20;

    private final AtomicLong now = new AtomicLong();
    private final List<Node> nodes = new ArrayList<>();
    /** What is under way, in one order for all links. */
    private final Queue<Runnable> frames = new ConcurrentLinkedQueue<>();
    private long views;

    /** An exchange, with links that are as fast as the test says. */
    private final class Node implements TotalOrder.Outbox {
        final Peer self;
        final Exchange exchange;

        Node(int id) {
            self = new Peer(id, 7);
            exchange = new Exchange(new Member(id, "node" + id), new Exchange.Base(this, mark -> true, () -> 0, happened -> { },
                    1_000, QUEUE_BYTES, now::get));
            exchange.begin(self);
            nodes.add(this);
        }

        @Override
        public void send(Peer to, Frame frame) {
            frames.add(() -> nodes.get(to.id()).exchange.receive(self, frame));
        }

        @Override
        public void multicast(Frame frame) {
            nodes.stream().filter(node -> node != this).forEach(node -> send(node.self, frame));
        }
    }

    /** Writes down what it hears; takes a message only when it may. */
    private static final class Listener implements Receiver {
        final List<String> heard;
        final Semaphore may;

        Listener(List<String> heard, Semaphore may) {
            this.heard = heard;
            this.may = may;
        }

        @Override
        public void multicast(Delivery delivery) {
            may.acquireUninterruptibly();
            heard.add(new String(delivery.payload(), UTF_8) + (delivery.waitedMs() > 0 ? " after " + delivery.waitedMs() : ""));
        }

        @Override
        public void direct(Delivery delivery) {
            multicast(delivery);
        }

        @Override
        public void view(View view) {
            heard.add("view of " + view.members().size());
        }
    }

    private static Listener listener(List<String> heard) {
        return new Listener(heard, new Semaphore(1_000_000));
    }

    @AfterEach
    void close() {
        nodes.forEach(node -> node.exchange.close());
    }

    private void settle() {
        for (Runnable frame = frames.poll(); frame != null; frame = frames.poll()) {
            frame.run();
        }
    }

    /** One more node, and a view of all. */
    private Node join() {
        Node node = new Node(nodes.size());
        Epoch epoch = new Epoch(++views, nodes.get(0).self);
        List<Seat> seats = nodes.stream().map(each -> new Seat(each.self, "node" + each.self.id())).toList();
        nodes.forEach(each -> each.exchange.view(epoch, seats, Map.of()));
        settle();
        return node;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static void awaitHeard(List<String> expected, List<String> heard) {
        await().pollInterval(Duration.ofMillis(2)).untilAsserted(() -> assertEquals(expected, heard));
    }

    /** Once it opens channel "c". */
    private void hearsFirst(Node node, List<String> expected) throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        node.exchange.open("c", listener(heard));
        awaitHeard(expected, heard);
    }

    @Test
    void bringsWhatCameBeforeAChannelWasOpenInItsOrderWithTheViewsBetween() throws Exception {
        Node first = join();
        Node second = join();
        Channel asking = first.exchange.open("c", listener(new CopyOnWriteArrayList<>()));
        asking.multicast(bytes("one"));
        asking.send(1, bytes("direct"));
        settle();
        now.addAndGet(1_500_000_000);
        join();
        asking.multicast(bytes("two"));
        settle();
        List<String> heard = new CopyOnWriteArrayList<>();
        second.exchange.open("c", listener(heard));
        asking.multicast(bytes("three"));
        settle();
        List<String> all = List.of("view of 2", "one after 1500", "direct after 1500", "view of 3", "two", "three");
        awaitHeard(all, heard);
        hearsFirst(nodes.get(2), List.of("view of 3", "two", "three"));
        assertEquals(0, second.exchange.undeliverable());
    }

    @Test
    void tellsTheViewAloneWhereNothingHasWaited() throws Exception {
        join();
        Node second = join();
        nodes.get(0).exchange.open("other", listener(new CopyOnWriteArrayList<>())).multicast(bytes("for others"));
        settle();
        hearsFirst(second, List.of("view of 2"));
    }

    @Test
    void countsWhatNobodyCameForInTime() throws Exception {
        Node first = join();
        Node second = join();
        Channel asking = first.exchange.open("c", listener(new CopyOnWriteArrayList<>()));
        asking.multicast(bytes("in vain"));
        settle();
        second.exchange.tick();
        assertEquals(0, second.exchange.undeliverable());
        now.addAndGet(Unopened.KEPT_FOR + 1);
        second.exchange.tick();
        assertEquals(1, second.exchange.undeliverable());
        hearsFirst(second, List.of("view of 2"));
    }

    @Test
    void holdsUpNobodyWhoSendsToAChannelThatIsNotOpen() throws Exception {
        Node first = join();
        Node second = join();
        Channel asking = first.exchange.open("c", listener(new CopyOnWriteArrayList<>()));
        byte[] large = new byte[Channel.MAX_PAYLOAD];
        for (int i = 0; i < 10; i++) {
            asking.send(1, large);
            settle();
        }
        assertEquals(10 - QUEUE_BYTES / large.length, second.exchange.undeliverable());
    }

    @Test
    void owesNothingForWhatAClosedChannelHadNotTaken() throws Exception {
        Node first = join();
        Node second = join();
        Channel asking = first.exchange.open("c", listener(new CopyOnWriteArrayList<>()));
        Semaphore may = new Semaphore(0);
        Channel slow = second.exchange.open("c", new Listener(new CopyOnWriteArrayList<>(), may));
        byte[] large = new byte[Channel.MAX_PAYLOAD];
        asking.send(1, large);
        asking.send(1, large);
        settle();
        await("the first with the receiver").until(may::hasQueuedThreads);
        Thread closer = new Thread(slow::close);
        closer.start();
        await().until(() -> closer.getState() == Thread.State.TIMED_WAITING);
        may.release();
        closer.join();
        settle();
        // Else there is AGAIN after 5 s.
        asking.send(1, large);
        asking.send(1, large);
    }

    @Test
    void deliversEachMessageOnceAndInOrderThoughAChannelIsClosedAndOpenedAgain() throws Exception {
        long seed = Long.getLong("dvs.seed", System.nanoTime());
        System.out.println("dvs.seed=" + seed);
        Random random = new Random(seed);
        Node first = join();
        Node second = join();
        Channel asking = first.exchange.open("c", listener(new CopyOnWriteArrayList<>()));
        List<String> heard = new CopyOnWriteArrayList<>();
        Channel open = null;
        int sent = 0;
        Semaphore may = new Semaphore(0);
        for (int i = 0; i < 400; i++) {
            switch (random.nextInt(6)) {
                case 0 -> {
                    if (open != null) {
                        // It may take several before it is closed, and must not be left with one that it does not take.
                        may.release(1_000);
                        open.close();
                        open = null;
                    }
                }
                case 1 -> {
                    if (open == null) {
                        may = new Semaphore(0);
                        open = second.exchange.open("c", new Listener(heard, may));
                    }
                }
                case 2 -> may.release(random.nextInt(4));
                default -> {
                    asking.multicast(bytes("m" + sent++));
                    settle();
                }
            }
        }
        if (open == null) {
            open = second.exchange.open("c", new Listener(heard, may));
        }
        may.release(1_000);
        List<String> all = IntStream.range(0, sent).mapToObj(number -> "m" + number).toList();
        await("dvs.seed=" + seed).untilAsserted(() -> assertEquals(all,
                heard.stream().filter(each -> !each.startsWith("view")).toList(), "dvs.seed=" + seed));
    }
}
