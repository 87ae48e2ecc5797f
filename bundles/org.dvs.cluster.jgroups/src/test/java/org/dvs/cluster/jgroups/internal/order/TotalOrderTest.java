package org.dvs.cluster.jgroups.internal.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The order. */
@Tag("R-CMD-02")
class TotalOrderTest {
    private static final TotalOrder.Limits TIGHT = new TotalOrder.Limits(16, 4_096, 24, 2_048, 4, 512);

    /** A run: peers, links that keep order and lose what crosses a partition, and a membership that is late and skips views. */
    private static final class World {
        final Random random;
        final Map<Peer, Node> nodes = new TreeMap<>();
        final Map<String, Long> lastArrival = new HashMap<>();
        final PriorityQueue<Event> events = new PriorityQueue<>(
                Comparator.comparingLong(Event::at).thenComparingLong(Event::sequence));
        long now;
        long sequence;
        long views;
        boolean late;

        World(long seed) {
            random = new Random(seed);
        }

        record Event(long at, long sequence, Runnable action) {
        }

        void later(long delay, Runnable action) {
            events.add(new Event(now + delay, sequence++, action));
        }

        Node start(int id) {
            Node node = new Node(this, new Peer(id, random.nextLong() | 1));
            nodes.put(node.self, node);
            return node;
        }

        List<Node> alive() {
            return nodes.values().stream().filter(node -> !node.dead).collect(Collectors.toList());
        }

        /** Makes one view for each side, oldest member first, and lets each member hear of it at a time of its own. */
        void regroup() {
            Map<Integer, List<Node>> sides = alive().stream().collect(Collectors.groupingBy(node -> node.side));
            sides.values().forEach(side -> {
                side.sort(Comparator.comparing((Node node) -> node.order.current().isEmpty()).thenComparing(node -> node.self));
                Epoch epoch = new Epoch(++views, side.get(0).self);
                List<Seat> seats = side.stream().map(node -> new Seat(node.self, "node" + node.self.id())).toList();
                for (Node node : side) {
                    boolean skipped = late && node.self.id() != side.get(0).self.id() && random.nextInt(8) == 0;
                    if (!skipped) {
                        later(random.nextInt(60), () -> node.hear(epoch, seats));
                    }
                }
            });
        }

        void run(long until) {
            while (!events.isEmpty() && events.peek().at() <= until) {
                Event event = events.poll();
                now = event.at();
                event.action().run();
            }
            now = until;
        }
    }

    private static final class Node implements TotalOrder.Outbox, TotalOrder.Sink {
        final World world;
        final Peer self;
        final TotalOrder order;
        final List<Object> log = new ArrayList<>();
        final Set<Long> sent = new HashSet<>();
        Map<Peer, Seat> view = Map.of();
        long heard = -1;
        int side;
        boolean dead;

        Node(World world, Peer self) {
            this.world = world;
            this.self = self;
            order = new TotalOrder(self, TIGHT, this, this);
            tick();
        }

        void tick() {
            if (!dead) {
                order.tick();
                world.later(10, this::tick);
            }
        }

        void hear(Epoch epoch, List<Seat> seats) {
            if (!dead && epoch.number() > heard) {
                heard = epoch.number();
                view = seats.stream().collect(Collectors.toMap(Seat::peer, seat -> seat));
                order.view(epoch, seats, Map.of());
            }
        }

        void say() {
            byte[] payload = new byte[world.random.nextInt(200)];
            long number = sent.size() + 1;
            if (!dead && order.submit("c", number, payload)) {
                sent.add(number);
            }
        }

        @Override
        public void send(Peer to, Frame frame) {
            byte[] bytes = FrameCodec.encode(frame);
            if (dead) {
                return;
            }
            String link = self + ">" + to;
            long at = Math.max(world.now + 1 + world.random.nextInt(20), world.lastArrival.getOrDefault(link, 0L));
            world.lastArrival.put(link, at);
            int sideThen = side;
            world.later(at - world.now, () -> {
                Node receiver = world.nodes.get(to);
                if (!receiver.dead && receiver.side == sideThen && side == sideThen) {
                    try {
                        receiver.order.receive(self, FrameCodec.decode(bytes, 0, bytes.length));
                    } catch (BadFrameException e) {
                        throw new AssertionError(e);
                    }
                }
            });
        }

        @Override
        public void multicast(Frame frame) {
            // A dying sequencer reaches some members only.
            view.keySet().stream().filter(peer -> !peer.equals(self)).sorted().forEach(peer -> send(peer, frame));
        }

        @Override
        public void message(Ordered message) {
            log.add(message.origin() + "/" + message.origin().incarnation() + "#" + message.cut());
        }

        @Override
        public void view(Mark mark) {
            log.add(mark.epoch());
        }
    }

    static List<Long> seeds() {
        String given = System.getProperty("dvs.seed");
        if (given != null) {
            return List.of(Long.parseLong(given));
        }
        Random random = new Random();
        List<Long> seeds = new ArrayList<>();
        for (int i = 0; i < Integer.getInteger("dvs.runs", 300); i++) {
            seeds.add(i < 100 ? i : random.nextLong());
        }
        return seeds;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void isOneForAllThatStayTogetherWhateverDies(long seed) {
        World world = new World(seed);
        for (int id = 0; id < 5; id++) {
            world.start(id);
        }
        world.regroup();
        world.run(200);
        world.late = true;
        for (int step = 0; step < 12; step++) {
            for (int i = 0; i < 40; i++) {
                Node speaker = pick(world, world.alive());
                world.later(world.random.nextInt(120), speaker::say);
            }
            trouble(world);
            world.run(world.now + 40 + world.random.nextInt(200));
        }
        world.late = false;
        world.alive().forEach(node -> node.side = 0);
        world.regroup();
        world.run(world.now + 200);
        world.views++;
        world.regroup();
        world.run(world.now + 20_000);

        check(world, seed);
    }

    private static Node pick(World world, List<Node> from) {
        return from.get(world.random.nextInt(from.size()));
    }

    private static void trouble(World world) {
        List<Node> alive = world.alive();
        switch (world.random.nextInt(6)) {
            case 0 -> {
                if (alive.size() > 2) {
                    // Often the sequencer, which is the interesting one.
                    Node victim = world.random.nextBoolean() ? alive.get(0) : pick(world, alive);
                    world.later(world.random.nextInt(100), () -> victim.dead = true);
                    world.later(120, () -> world.regroup());
                }
            }
            case 1 -> {
                alive.forEach(node -> node.side = world.random.nextInt(2));
                world.regroup();
            }
            case 2 -> {
                alive.forEach(node -> node.side = 0);
                world.regroup();
            }
            case 3 -> {
                world.start((int) (world.nodes.size() + 1));
                world.later(50, () -> world.regroup());
            }
            case 4 -> world.regroup();
            default -> {
                Node slow = pick(world, alive);
                slow.order.hold(true);
                world.later(100, () -> slow.order.hold(false));
            }
        }
    }

    /** What a member delivered between two views, and before them: a message that it had then is not delivered again. */
    private record Interval(Peer who, Set<Object> earlier, List<Object> messages) {
        List<Object> without(Set<Object> known) {
            return messages.stream().filter(message -> !known.contains(message)).toList();
        }
    }

    private static void check(World world, long seed) {
        String seeded = "seed " + seed;
        Map<String, List<Interval>> between = new HashMap<>();
        for (Node node : world.nodes.values()) {
            Object view = null;
            Set<Object> earlier = new HashSet<>();
            List<Object> since = new ArrayList<>();
            Map<String, Long> last = new HashMap<>();
            for (Object entry : node.log) {
                if (entry instanceof Epoch) {
                    Interval mine = new Interval(node.self, Set.copyOf(earlier), since);
                    List<Interval> others = between.computeIfAbsent(view + " to " + entry, key -> new ArrayList<>());
                    if (view != null) {
                        others.forEach(other -> assertEquals(other.without(mine.earlier()), mine.without(other.earlier()),
                                seeded + ": between the same two views at " + other.who() + " and " + node.self));
                    }
                    others.add(mine);
                    view = entry;
                    earlier.addAll(since);
                    since = new ArrayList<>();
                } else {
                    since.add(entry);
                    String origin = entry.toString().replaceFirst("#.*", "");
                    long number = Long.parseLong(entry.toString().replaceFirst(".*#", ""));
                    Long before = last.put(origin, number);
                    assertTrue(before == null || before < number,
                            seeded + ": " + entry + " after " + before + " at " + node.self);
                }
            }
        }
        List<Node> alive = world.alive();
        // Who went through the same views is of one group, and nobody else is.
        Mark end = alive.get(0).order.current().orElseThrow();
        assertEquals(1, end.seats().stream().map(Seat::group).distinct().count(), seeded + ": one past at the end");
        Set<Object> lastViews = alive.stream().map(node -> (Object) node.order.current().orElseThrow().epoch())
                .collect(Collectors.toSet());
        assertEquals(1, lastViews.size(), seeded + ": all in one view at the end");
        for (Node node : alive) {
            assertFalse(node.order.flushing(), seeded);
            String own = node.self + "/" + node.self.incarnation() + "#";
            Set<Long> came = node.log.stream().map(Object::toString).filter(text -> text.startsWith(own))
                    .map(text -> Long.parseLong(text.substring(own.length()))).collect(Collectors.toSet());
            assertEquals(node.sent, came, seeded + ": everything that " + node.self + " sent came back");
        }
    }

    @Test
    void refusesMoreThanMayBeUnderWay() {
        World world = new World(1);
        Node a = world.start(0);
        world.start(1);
        world.regroup();
        world.run(500);
        int taken = 0;
        while (a.order.submit("c", taken + 1L, new byte[10])) {
            taken++;
            assertTrue(taken <= 100, "no limit");
        }
        world.run(2_000);
        assertTrue(a.order.submit("c", taken + 1L, new byte[10]), "room again once the others have it");
    }

    @Test
    void waitsForAMemberThatHolds() {
        World world = new World(2);
        Node a = world.start(0);
        Node b = world.start(1);
        world.regroup();
        world.run(500);
        b.order.hold(true);
        for (int round = 0; round < 60; round++) {
            if (a.order.submit("c", a.sent.size() + 1L, new byte[10])) {
                a.sent.add(a.sent.size() + 1L);
            }
            world.run(world.now + 50);
        }
        assertEquals(TIGHT.unstableCount() + TIGHT.pendingCount(), a.sent.size(), "window of the sequencer, then of the sender");
        b.order.hold(false);
        world.run(world.now + 2_000);
        assertEquals(a.log, b.log);
        assertEquals(a.sent.size(), a.log.size() - 1);
    }

    @Test
    void bringsAMessageThatOnlyOneSurvivorHadToTheOther() {
        World world = new World(3);
        Node a = world.start(0);
        Node b = world.start(1);
        Node c = world.start(2);
        List<Seat> all = List.of(new Seat(a.self, "a"), new Seat(b.self, "b"), new Seat(c.self, "c"));
        Epoch first = new Epoch(1, a.self);
        List.of(a, b, c).forEach(node -> node.hear(first, all));
        world.run(500);
        c.order.submit("c", 77, new byte[1]);
        world.run(world.now + 25);
        // The sequencer reached b with another message, then died.
        Ordered last = new Ordered(a.self, 1, 99, "c", new byte[1]);
        b.order.receive(a.self, new Frame.Sequenced(first, 2, 0, last));
        a.dead = true;
        world.run(world.now + 100);
        Epoch second = new Epoch(2, b.self);
        List<Seat> rest = all.subList(1, 3);
        List.of(b, c).forEach(node -> node.hear(second, rest));
        world.run(world.now + 500);
        assertEquals(b.log, c.log);
        assertTrue(b.log.stream().anyMatch(entry -> entry.toString().endsWith("#99")));
        assertEquals(second, b.log.get(b.log.size() - 1));
    }
}
