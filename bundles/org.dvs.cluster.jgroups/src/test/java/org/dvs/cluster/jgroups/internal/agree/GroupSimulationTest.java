package org.dvs.cluster.jgroups.internal.agree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.Change;
import org.dvs.cluster.jgroups.internal.log.DurableLog;
import org.dvs.cluster.jgroups.internal.log.FaultyStorage;
import org.dvs.cluster.jgroups.internal.log.LogFencedException;
import org.jgroups.Address;
import org.jgroups.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A whole group in one thread, from a seed: messages are lost, late and out of order; nodes are cut off, lose power, also in the
 * middle of a write or a force, find their disks full, and come back; they make snapshots, are admitted and expelled, and write
 * all the time. Checked: one leader in a term; all apply the same changes in the same order; what was acknowledged stays; what
 * was refused is not there; nothing is applied twice; a sync sees what was acknowledged before it; a state is as fresh as it
 * says; each change and each sync has an answer in time. A stranger, a node with the log of a cluster of its own and a high
 * term, comes and goes: it leads none of them and stops none of them. Then the group has two voters at the least: of two clusters
 * of one that meet while both lead, the one with the shorter log gives way, and that may be the group's.
 * {@code -Ddvs.seed=N} runs one seed, {@code -Ddvs.seeds=N} how many.
 */
class GroupSimulationTest {
    private static final long MILLI = 1_000_000;
    private static final int NODES = 4;
    private static final long ANSWER_WITHIN = 10_000 * MILLI;
    private static final DurableLog.Sizes SIZES = new DurableLog.Sizes(4096, 1500, 20);

    static List<Long> seeds() {
        Long given = Long.getLong("dvs.seed");
        if (given != null) {
            return List.of(given);
        }
        long first = System.nanoTime();
        List<Long> seeds = new ArrayList<>();
        for (int i = 0; i < Integer.getInteger("dvs.seeds", 15); i++) {
            seeds.add(first + i);
        }
        return seeds;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aGroupKeepsItsPromisesWhateverHappens(long seed) throws Exception {
        run(seed, false);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aGroupKeepsItsPromisesWhenAStrangerComes(long seed) throws Exception {
        run(seed, true);
    }

    private static void run(long seed, boolean visited) {
        try {
            new World(seed, visited).run();
        } catch (AssertionError | Exception e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private record Sent(long at, Address from, Address to, byte[] bytes) {
    }

    /** Everything outside the nodes, and what is known of all. */
    private static final class World {
        final Random random;
        final PriorityQueue<Sent> network = new PriorityQueue<>(Comparator.comparingLong(Sent::at));
        final List<Node> nodes = new ArrayList<>();
        /** The nodes, and the stranger if there is one. */
        final List<Node> all = new ArrayList<>();
        final boolean visited;
        Node stranger;
        boolean strangerApart = true;
        int visits;
        int strangerStopped;
        final Map<Long, String> leaders = new HashMap<>();
        final Map<Long, Integer> applied = new HashMap<>();
        /** Key to when it was acknowledged. */
        final Map<String, Long> acknowledged = new LinkedHashMap<>();
        final Set<String> refused = new HashSet<>();
        int unknown;
        int restarts;
        int reconfigured;
        int fresh;
        int fenced;
        /** Somebody has gone whom the others still see. */
        boolean gone;
        long now;
        int written;
        /** What a callback found wrong; nobody hears what it throws. */
        String wrong;
        double loss;
        Set<String> cutOff = Set.of();

        World(long seed, boolean visited) {
            random = new Random(seed);
            this.visited = visited;
        }

        void run() throws Exception {
            List<String> founders = List.of("node0", "node1", "node2");
            for (int i = 0; i < NODES; i++) {
                nodes.add(new Node(this, "node" + i, i < 3 ? founders : List.of(), new FaultyStorage()));
            }
            all.addAll(nodes);
            if (visited) {
                stranger = new Node(this, "stranger", List.of("stranger"), new FaultyStorage());
                all.add(stranger);
            }
            views();
            long calmAt = 20_000 * MILLI;
            while (now < calmAt) {
                pass(true);
            }
            loss = 0;
            cutOff = Set.of();
            for (Node node : nodes) {
                node.storage.failWritesAfter(Long.MAX_VALUE);
                node.storage.stopBefore(Integer.MAX_VALUE);
                if (!node.alive) {
                    node.restart();
                }
            }
            views();
            if (visited && !stranger.alive) {
                stranger.restart();
            }
            int before = acknowledged.size();
            long end = now + 30_000 * MILLI;
            while (now < end && !(now > calmAt + 8_000 * MILLI && settled())) {
                pass(false);
            }
            check(before);
            System.out.println("agreed " + acknowledged.size() + ", refused " + refused.size() + ", unknown " + unknown
                    + ", restarts "
                    + restarts + ", of a disk that failed " + fenced
                    + ", terms led " + leaders.size() + ", changes of voters " + reconfigured + ", visits " + visits
                    + ", ends of the stranger " + strangerStopped);
        }

        private boolean settled() {
            return nodes.stream().allMatch(node -> node.contents().equals(nodes.get(0).contents()))
                    && nodes.stream().allMatch(node -> node.pending.isEmpty());
        }

        private void check(int before) {
            assertTrue(acknowledged.size() > 20, "hardly anything was agreed: " + acknowledged.size());
            assertTrue(acknowledged.size() >= before);
            for (Node node : nodes) {
                assertEquals(0, node.pending.size(), node.name + " has not answered all");
                assertEquals(nodes.get(0).contents(), node.contents(), node.name);
                for (String key : acknowledged.keySet()) {
                    assertTrue(node.holds(key), key + " was acknowledged and is missing on " + node.name);
                }
                for (String key : refused) {
                    assertTrue(!node.holds(key), key + " was refused and is there on " + node.name);
                }
            }
        }

        /** One millisecond. */
        private void pass(boolean wild) throws Exception {
            now += MILLI;
            if (wild) {
                disturb();
            }
            if (visited && random.nextInt(1500) == 0) {
                strangerComesOrGoes();
            }
            if (gone) {
                gone = false;
                views();
            }
            while (!network.isEmpty() && network.peek().at <= now) {
                Sent sent = network.poll();
                for (Node node : all) {
                    if (node.alive && node.address.equals(sent.to)) {
                        node.orDies(() -> node.receive(sent.from, sent.bytes));
                    }
                }
            }
            for (Node node : all) {
                if (node.alive) {
                    node.orDies(() -> node.run(wild));
                }
            }
            assertEquals(null, wrong);
        }

        /** Alone, it leads and goes to higher terms; it comes to the others once their log has a name. */
        private void strangerComesOrGoes() throws Exception {
            boolean named = nodes.stream().allMatch(node -> node.names.agreedLog().known());
            if (!strangerApart || named && stranger.names.agreedLog().known()) {
                strangerApart = !strangerApart;
                visits += strangerApart ? 0 : 1;
                if (!stranger.alive || random.nextInt(3) == 0) {
                    stranger.restart();
                }
                views();
            }
        }

        void expect(boolean right, String otherwise) {
            if (!right && wrong == null) {
                wrong = otherwise;
            }
        }

        private void disturb() throws Exception {
            int dice = random.nextInt(6000);
            if (dice < 4) {
                loss = random.nextInt(3) == 0 ? 0.3 : random.nextInt(2) * 0.02;
            } else if (dice < 8) {
                cutOff = random.nextBoolean() ? Set.of()
                        : Set.copyOf(List.of("node" + random.nextInt(NODES), "node" + random.nextInt(NODES), "node9").subList(
                                random.nextInt(2) == 0 ? 1 : 2, 3));
                views();
            } else if (dice < 14) {
                Node victim = nodes.get(random.nextInt(NODES));
                if (victim.alive) {
                    victim.loses(random.nextInt(3));
                } else {
                    victim.restart();
                    restarts++;
                }
                views();
            } else if (dice < 26) {
                String voter = "node" + random.nextInt(NODES);
                boolean admit = random.nextInt(3) > 0;
                for (Node node : nodes) {
                    if (node.alive && node.replica.leads()) {
                        node.orDies(() -> node.reconfigure(voter, admit));
                    }
                }
            } else if (dice < 33) {
                Node node = nodes.get(random.nextInt(NODES));
                if (node.alive) {
                    node.orDies(node.replica::snapshot);
                }
            }
        }

        /** Tells each node whom it sees; who was cut off sees itself alone. */
        void views() {
            for (Node node : all) {
                Map<Address, String> others = new LinkedHashMap<>();
                for (Node other : all) {
                    if (other != node && other.alive && !apart(node, other)) {
                        others.put(other.address, other.name);
                    }
                }
                if (node.alive) {
                    node.orDies(() -> node.view(others));
                }
            }
        }

        private boolean apart(Node one, Node other) {
            return cutOff.contains(one.name) != cutOff.contains(other.name)
                    || strangerApart && (one == stranger || other == stranger);
        }

        void send(Node from, Address to, byte[] bytes) {
            for (Node other : all) {
                if (other.address.equals(to)) {
                    if (apart(from, other) || random.nextDouble() < loss) {
                        return;
                    }
                }
            }
            long delay = random.nextInt(50) == 0 ? random.nextInt(400) : random.nextInt(4);
            network.add(new Sent(now + delay * MILLI, from.address, to, bytes));
        }
    }

    /** One node: the real replica, log, proposals and state, on a storage that can lose what was not forced. */
    private static final class Node extends LogSite implements Proposals.Way {
        final World world;
        final String name;
        final List<String> voters;
        FaultyStorage storage;
        boolean alive = true;
        boolean full;
        Address address;
        DurableLog log;
        Replica replica;
        LogGuard guard;
        Voters names;
        KeyedStateProbe machine;
        Proposals proposals;
        ReplicatedState state;
        Watches watches;
        Map<Address, String> others = Map.of();
        long offset;
        long callAt;
        /** What has no answer yet, with when it was asked, the oldest first. */
        final Map<Object, Long> pending = new LinkedHashMap<>();
        final Deque<Runnable> queue = new ArrayDeque<>();

        Node(World world, String name, List<String> voters, FaultyStorage storage) throws DvsException {
            this.world = world;
            this.name = name;
            this.voters = voters;
            this.storage = storage;
            start();
        }

        private void start() throws DvsException {
            offset = world.random.nextLong();
            address = new UUID(world.random.nextLong(), world.random.nextLong());
            leader = null;
            queue.clear();
            pending.clear();
            callAt = world.now + world.random.nextInt(600) * MILLI;
            log = DurableLog.open(storage, SIZES, failure -> { });
            names = new Voters(voters);
            watches = new Watches("unused-");
            proposals = new Proposals(new Commands.Origin(world.random.nextLong(), world.random.nextLong()), this, this::nanos,
                    1000 * MILLI, ANSWER_WITHIN, Runnable::run);
            state = new ReplicatedState(proposals, watches, this::nanos);
            machine = new KeyedStateProbe(this);
            replica = new Replica(name, log, names, machine, this, 20_000);
            guard = new LogGuard(name, log, names, this);
            replica.load();
        }

        void restart() throws DvsException {
            alive = true;
            start();
        }

        /** Its power, at once or in the middle of what its disk does next; or the room on its disk. */
        void loses(int what) {
            if (what == 0) {
                powerGone();
            } else if (what == 1) {
                storage.stopBefore(storage.operations() + world.random.nextInt(6));
            } else {
                storage.failWritesAfter(world.random.nextInt(300));
                full = true;
            }
        }

        private void powerGone() {
            alive = false;
            full = false;
            storage = storage.afterPowerLoss(world.random);
        }

        /** Does something, in which its disk may fail it; that ends it. */
        void orDies(Runnable action) {
            try {
                action.run();
            } catch (LogFencedException e) {
                world.fenced++;
                if (full) {
                    // the process ends, the machine goes on; when it is started again there is room
                    alive = false;
                    full = false;
                    storage = storage.copy();
                } else {
                    powerGone();
                }
                world.gone = true;
            } catch (OtherLogException e) {
                assertSame(world.stranger, this, "a node of the group gives way: " + e.getMessage());
                world.strangerStopped++;
                alive = false;
                world.gone = true;
            }
        }

        void view(Map<Address, String> present) {
            others = present;
            if (leader != null && !leader.equals(address) && !present.containsKey(leader)) {
                leader = null;
            }
            guard.view(present.keySet());
            replica.view(present);
            if (!hasMajority()) {
                replica.giveUp();
            }
        }

        private boolean hasMajority() {
            return names.names().stream().filter(voter -> voter.equals(name) || others.containsValue(voter)).count()
                    >= names.majority();
        }

        void receive(Address from, byte[] bytes) {
            Frames.Letter letter = Frames.decode(bytes, 0, bytes.length);
            if (guard.admits(from, letter)) {
                replica.receive(from, letter.frame());
            }
            if (world.random.nextInt(3) > 0) {
                replica.settle();
            }
        }

        void run(boolean wild) {
            while (!queue.isEmpty()) {
                queue.removeFirst().run();
            }
            if (world.now / MILLI % 20 == 0) {
                replica.tick();
                proposals.tick();
                pending.values().stream().findFirst().ifPresent(asked -> assertTrue(
                        world.now - asked <= ANSWER_WITHIN + 20 * MILLI, name + " has no answer to what was asked at " + asked));
                if (leader != null || !hasMajority() || !names.mayLead(name)) {
                    callAt = world.now + (300 + world.random.nextInt(600)) * MILLI;
                } else if (world.now >= callAt) {
                    replica.callElection();
                    callAt = world.now + (400 + world.random.nextInt(400)) * MILLI;
                }
                if (leader != null && replica.leaderSilence() > 3000 * MILLI) {
                    leader = null;
                }
            }
            replica.settle();
            if (this == world.stranger) {
                if (leader != null && world.random.nextInt(200) == 0) {
                    state.commit(new Change().put("key/" + world.random.nextInt(100), new byte[1]));
                }
                return;
            }
            if (world.random.nextInt(wild ? 30 : 300) == 0 && pending.size() < 20) {
                write();
            }
            if (world.random.nextInt(400) == 0 && pending.size() < 20) {
                sync();
            }
        }

        private void write() {
            String key = "key/" + world.written++;
            pending.put(key, world.now);
            FaultyStorage life = storage;
            state.commit(new Change().expectAbsent(key).put(key, new byte[world.random.nextInt(300)]))
                    .whenComplete((version, failure) -> {
                if (life != storage) {
                    return;
                }
                pending.remove(key);
                if (failure == null) {
                    world.expect(holds(key), key + " was acknowledged before it was applied");
                    world.acknowledged.put(key, world.now);
                } else {
                    ErrorCode code = ((DvsException) failure).code();
                    world.expect(code != ErrorCode.CONFLICT, key + " was applied twice");
                    if (code == ErrorCode.UNKNOWNOUTCOME) {
                        world.unknown++;
                    } else {
                        world.refused.add(key);
                    }
                }
            });
        }

        private void sync() {
            Set<String> before = new LinkedHashSet<>(world.acknowledged.keySet());
            Object mark = new Object();
            pending.put(mark, world.now);
            FaultyStorage life = storage;
            state.sync().whenComplete((done, failure) -> {
                if (life != storage) {
                    return;
                }
                pending.remove(mark);
                if (failure == null) {
                    before.forEach(key -> world.expect(holds(key), key + " was acknowledged before a sync that did not see it"));
                }
            });
        }

        void reconfigure(String voter, boolean admit) {
            if (world.visited && !admit && names.names().size() <= 2) {
                return;
            }
            replica.reconfigure(admit, voter, 5000 * MILLI, failure -> {
                if (failure == null) {
                    world.reconfigured++;
                }
            });
            replica.settle();
        }

        boolean holds(String key) {
            return watches.contents().get(key) != null;
        }

        Map<String, Long> contents() {
            Map<String, Long> contents = new TreeMap<>();
            watches.contents().forEach("", (key, value) -> contents.put(key, value.version()));
            return contents;
        }

        @Override
        DurableLog log() {
            return log;
        }

        @Override
        public Address self() {
            return address;
        }

        @Override
        public void vote(Address candidate) {
            assertEquals(log.lastAppended(), log.durable(), "a vote before all is on disk");
            super.vote(candidate);
        }

        @Override
        public void follow(Address who) {
            super.follow(who);
            if (this == world.stranger) {
                assertTrue(who.equals(address), "the stranger follows " + who);
            } else if (who.equals(address)) {
                String other = world.leaders.putIfAbsent(term(), name);
                assertTrue(other == null, "two leaders in term " + term() + ": " + name + " and " + other);
            }
        }

        @Override
        public long nanos() {
            return world.now + offset;
        }

        @Override
        public void send(Address to, Frame frame) {
            world.send(this, to, Frames.encode(guard.seal(frame)));
        }

        @Override
        public CatchUpRaft.Lead lead() {
            return leader == null ? null : new CatchUpRaft.Lead(leader, term());
        }

        @Override
        public boolean propose(CatchUpRaft.Lead lead, long number, byte[] command) {
            if (lead.address().equals(address)) {
                queue.addLast(() -> replica.propose(address, lead.term(), number, command));
            } else {
                send(lead.address(), new Frame.Propose(lead.term(), number, command));
            }
            return true;
        }
    }

    /** The real machine, watched. */
    private static final class KeyedStateProbe implements Machine {
        private final Node node;
        private final KeyedState twin = new KeyedState();
        private KeyedState current = twin;

        KeyedStateProbe(Node node) {
            this.node = node;
        }

        @Override
        public void apply(byte[] command, int offset, int length) {
            byte[] bytes = Arrays.copyOfRange(command, offset, offset + length);
            current.apply(bytes, 0, length).ifPresent(applied -> applied.outcomes().forEach(outcome -> {
                if (outcome.code() == null && node != node.world.stranger) {
                    int hash = Arrays.hashCode(bytes);
                    Integer other = node.world.applied.putIfAbsent(outcome.version(), hash);
                    assertTrue(other == null || other == hash,
                            node.name + " applies another change as number " + outcome.version());
                }
            }));
            node.state.apply(command, offset, length);
        }

        @Override
        public void termBegan(long term) {
            node.state.termBegan(term);
        }

        @Override
        public void notProposed(long number) {
            node.state.notProposed(number);
        }

        @Override
        public ByteBuffer snapshot() {
            return node.state.snapshot();
        }

        @Override
        public void restore(ByteBuffer whole) throws DvsException {
            current = KeyedState.restore(whole.duplicate());
            node.state.restore(whole);
        }

        @Override
        public void freshAt(long nanos) {
            node.world.fresh++;
            long moment = nanos - node.offset;
            assertTrue(moment <= node.world.now, node.name + " is fresher than now");
            if (node != node.world.stranger && node.world.random.nextInt(20) == 0) {
                node.world.acknowledged.forEach((key, at) -> assertTrue(at >= moment || node.holds(key),
                        key + " was acknowledged before the moment " + node.name + " says it is fresh at"));
            }
            node.state.freshAt(nanos);
        }
    }
}
