package org.dvs.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.JobListener;
import org.dvs.api.dispatch.NodeAnswer;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.Pace;
import org.dvs.api.dispatch.Plan;
import org.dvs.api.dispatch.Selection;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.ValueType;
import org.dvs.cluster.api.Channel;
import org.dvs.cluster.api.Delivery;
import org.dvs.cluster.api.Receiver;
import org.dvs.cluster.api.View;
import org.dvs.dispatcher.internal.agent.Agent;
import org.dvs.dispatcher.internal.agent.Pools;
import org.dvs.dispatcher.internal.requester.DispatchJob;
import org.dvs.dispatcher.internal.requester.JobStore;
import org.dvs.dispatcher.internal.requester.Requester;
import org.dvs.testkit.Seeds;
import org.dvs.testkit.SimulatedCluster;
import org.dvs.testkit.SimulatedNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whole clusters of the protocol in one thread, with every fault that the network can have. */
class DispatcherSimulationTest {
    private static final Duration TIMEOUT = Duration.ofMillis(200);
    private static final Caller OPERATOR = new Caller("eva", Set.of(Role.OPERATOR), "cli", "local");
    private static final RequestSpec READ = RequestSpec.named("RQST_READ").command("test read").help("reads").manyRows()
            .column("number", ValueType.INTEGER, "counts").build();
    private static final RequestSpec WRITE = RequestSpec.named("RQST_WRITE").command("test write").help("writes").changes().build();
    private static final Settings SETTINGS =
            new Settings(4, 8, 4096, 1 << 20, 1 << 22, 16, 1 << 16, 4, 64, 64, 2, 64, 128, 8, 50, 4);

    /** A job as its requester sees it. */
    private static final class Watched implements JobListener {
        final DispatchJob job;
        final SimulatedNode node;
        final long latestEnd;
        final Map<String, NodeAnswer> ended = new HashMap<>();
        final Map<String, Integer> rows = new HashMap<>();
        long endedAt;

        Watched(World world, Site site, Plan plan, Pace pace) throws DvsException {
            node = site.node;
            latestEnd = world.cluster.time().nanoTime() + TIMEOUT.toNanos();
            Order order = new Order(plan.spec().name(), Map.of(), Selection.ALL, TIMEOUT, pace, OPERATOR, "");
            job = site.requester.dispatch(plan, order, plan, this);
            job.answer().thenRun(() -> endedAt = world.cluster.time().nanoTime());
        }

        @Override
        public void rows(String target, List<List<Object>> more) {
            assertFalse(ended.containsKey(target), "no rows after the end of a node");
            rows.merge(target, more.size(), Integer::sum);
        }

        @Override
        public void ended(NodeAnswer answer) {
            assertFalse(job.answer().isDone(), "no node's end after the end of the job");
            assertNull(ended.put(answer.node(), answer), "one end for each node");
        }
    }

    /** One start of one node. */
    private static final class Site implements Receiver {
        final World world;
        final SimulatedNode node;
        final SimulatedLoop loop;
        final Requester requester;
        final Agent agent;
        final Protocol protocol;
        final Counters counters = new Counters();
        /** Ids of the requests that change something, in the order of their execution here. */
        final List<String> written = new ArrayList<>();
        /** Changing requests and views in the order in which they came. */
        final Set<String> executed = new HashSet<>();

        Site(World world, SimulatedNode node) throws DvsException {
            this.world = world;
            this.node = node;
            loop = new SimulatedLoop(node, world.cluster.time());
            HandlerCatalogue catalogue = new HandlerCatalogue();
            catalogue.add(new TestHandler(READ, (request, rows) -> {
                once(request.id());
                for (long i = 0; i < request.id().hashCode() % 40; i++) {
                    rows.row(i);
                }
                return 0;
            }), 0, 1);
            catalogue.add(new TestHandler(WRITE, (request, rows) -> {
                once(request.id());
                written.add(request.id());
                if (world.random.nextInt(8) == 0) {
                    throw new DvsException(ErrorCode.BUSY, "busy");
                }
                return written.size();
            }), 0, 2);
            JobStore store = new JobStore(() -> SETTINGS);
            requester = new Requester(node.local(), node.incarnation(), loop, loop, () -> SETTINGS, counters, store,
                    Witnesses.blind());
            agent = new Agent(node.local(), loop, loop, loop::sendNow, () -> SETTINGS, counters, catalogue, Witnesses.blind(), requester::asks,
                    new Pools(new SimulatedWorkers(node, world.random, SETTINGS.workers(), SETTINGS.maxQueued(), 10_000_000),
                            new SimulatedWorkers(node, world.random, SETTINGS.besideWorkers(), SETTINGS.maxQueuedBeside(), 10_000_000),
                            new SimulatedWorkers(node, world.random, 1, SETTINGS.maxQueuedChanges(), 10_000_000)));
            protocol = new Protocol(node.local(), node.incarnation(), requester, agent, counters);
            Channel channel = node.open("dispatcher", this);
            loop.sendThrough(channel);
        }

        private void once(String id) {
            assertTrue(executed.add(id), id + " is executed twice on " + node.local().name());
        }

        @Override
        public void multicast(Delivery delivery) {
            protocol.multicast(delivery);
            if (world.random.nextInt(20) == 0) {
                // The engine does not do this; an agent that hears a request again must still not execute it again.
                protocol.multicast(delivery);
            }
        }

        @Override
        public void direct(Delivery delivery) {
            protocol.direct(delivery);
        }

        @Override
        public void view(View view) {
            requester.heard(view);
            protocol.view(view);
        }
    }

    /** A cluster, what is asked in it and what goes wrong. */
    private static final class World {
        final Random random;
        final SimulatedCluster cluster;
        final int size;
        final Map<Integer, Site> sites = new HashMap<>();
        final List<Site> all = new ArrayList<>();
        final List<Watched> jobs = new ArrayList<>();

        World(long seed) throws DvsException {
            random = new Random(seed);
            size = 1 + random.nextInt(5);
            cluster = new SimulatedCluster(seed, size);
            for (int id = 0; id < size; id++) {
                add(cluster.node(id));
            }
            cluster.time().run(Duration.ofMillis(20));
        }

        private void add(SimulatedNode node) throws DvsException {
            Site site = new Site(this, node);
            sites.put(node.local().id(), site);
            all.add(site);
        }

        /** @param pace of the jobs; null for any */
        void ask(RequestSpec spec, Pace pace) {
            Site site = sites.get(random.nextInt(size));
            List<String> targets = new ArrayList<>();
            for (int id = 0; id <= size; id++) {
                if (random.nextInt(4) > 0) {
                    targets.add("node" + id);
                }
            }
            if (!site.node.alive() || site.node.view().id() == 0 || targets.isEmpty()) {
                return;
            }
            Pace any = new Pace(1 + random.nextInt(4), random.nextBoolean() ? "" : "50%", random.nextBoolean() ? "" : "2");
            try {
                jobs.add(new Watched(this, site, new Plan(spec, Map.of(), "*", targets), pace == null ? any : pace));
            } catch (DvsException e) {
                boolean minority = spec.changes() && !site.node.view().primary();
                assertTrue(e.code() == ErrorCode.AGAIN || minority && e.code() == ErrorCode.NOTREADY, e.getMessage());
            }
        }

        void trouble() throws DvsException {
            int id = random.nextInt(size);
            boolean alive = cluster.node(id).alive();
            switch (random.nextInt(6)) {
                case 0 -> {
                    if (alive) {
                        cluster.crash(id);
                    }
                }
                case 1 -> {
                    Set<Integer> half = new HashSet<>();
                    Set<Integer> rest = new HashSet<>();
                    for (int i = 0; i < size; i++) {
                        (random.nextBoolean() ? half : rest).add(i);
                    }
                    cluster.partition(List.of(half, rest));
                }
                case 2 -> cluster.heal();
                case 3 -> {
                    if (alive) {
                        cluster.pause(id);
                        cluster.time().after(random.nextLong(80_000_000), () -> cluster.resume(id));
                    }
                }
                case 4 -> {
                    Watched watched = jobs.isEmpty() ? null : jobs.get(random.nextInt(jobs.size()));
                    if (watched != null && watched.node.alive() && !watched.node.view().members().isEmpty()) {
                        boolean open = !watched.job.answer().isDone();
                        assertTrue(watched.job.cancel() == open || open, "an ended job is not cancelled");
                        assertFalse(watched.job.cancel(), "cancelled once");
                    }
                }
                default -> {
                    if (!alive) {
                        add(cluster.start(id));
                    }
                }
            }
        }

        List<String> names() {
            return cluster.alive().stream().map(node -> node.local().name()).toList();
        }

        void end() {
            cluster.heal();
            for (int id = 0; id < size; id++) {
                cluster.resume(id);
            }
            cluster.time().run(Duration.ofSeconds(5));
        }
    }

    private static void checkJobs(World world) {
        for (Watched watched : world.jobs) {
            if (!watched.node.alive()) {
                continue;
            }
            assertTrue(watched.job.answer().isDone(), watched.job.id() + " has not ended");
            Answer answer = watched.job.answer().join();
            assertTrue(answer.complete());
            // A paused requester is late as a whole; its own clock does not run while it is paused.
            assertTrue(watched.endedAt <= watched.latestEnd + Duration.ofMillis(90).toNanos(), watched.job.id() + " ended late");
            long sum = 0;
            for (NodeState state : NodeState.values()) {
                sum += answer.count(state);
            }
            assertEquals(answer.targets().size(), sum, "the four counts add up");
            assertEquals(answer.targets(), answer.nodes().stream().map(NodeAnswer::node).toList(), "one answer for each target");
            for (NodeAnswer node : answer.nodes()) {
                assertEquals(node, watched.ended.get(node.node()), "the listener hears the same end");
                assertEquals(node.rows().size(), watched.rows.getOrDefault(node.node(), 0), "and the same rows");
                assertEquals(node.state() == NodeState.OK, node.rcode() >= 0, "a code for whoever is not ok");
                if (node.state() == NodeState.OK && answer.spec() == READ) {
                    assertEquals(Math.max(0, answer.job().hashCode() % 40), node.rows().size(), "all rows of whoever is ok");
                }
                if (node.node().equals("node" + world.size)) {
                    Set<ErrorCode> never = Set.of(ErrorCode.DSTNOTRCH, ErrorCode.MAXFAIL, ErrorCode.TIMEDOUT, ErrorCode.INTR);
                    assertTrue(never.contains(node.error().orElseThrow()), "a node that was never there: " + node.detail());
                }
            }
        }
    }

    private static void checkNothingIsLeft(World world) {
        for (Site site : world.sites.values()) {
            if (site.node.alive()) {
                assertEquals(0, site.requester.pending(), "jobs under way");
                assertEquals(0, site.requester.reservedBytes(), "bytes of jobs under way");
                assertEquals(0, site.agent.pending(), "requests under way");
            }
            assertEquals(0, site.counters.of(Counters.Event.MALFORMED));
            assertEquals(0, site.counters.of(Counters.Event.IMPOSTOR));
            assertEquals(0, site.counters.of(Counters.Event.LISTENER_DEFECT));
            assertEquals(0, site.counters.of(Counters.Event.HANDLER_DEFECT));
        }
    }

    /** Two requests that two nodes both executed were executed in the same order by both. */
    private static void checkOrder(World world) {
        for (Site a : world.all) {
            for (Site b : world.all) {
                List<String> common = new ArrayList<>(a.written);
                common.retainAll(new HashSet<>(b.written));
                List<String> other = new ArrayList<>(b.written);
                other.retainAll(new HashSet<>(a.written));
                assertEquals(common, other, "order on " + a.node.local().name() + " and " + b.node.local().name());
            }
        }
    }

    @Test
    @Tag("R-CMD-02")
    @Tag("R-CMD-05")
    @Tag("R-CMD-07")
    void everyJobEndsInTimeWithOneAnswerForEachTargetUnderEveryFault() {
        Seeds.each(1500, seed -> {
            World world = new World(seed);
            for (int i = 0; i < 30; i++) {
                if (world.random.nextInt(3) == 0) {
                    world.trouble();
                } else {
                    world.ask(world.random.nextBoolean() ? READ : WRITE, null);
                }
                world.cluster.time().run(Duration.ofNanos(world.random.nextLong(20_000_000)));
            }
            world.end();
            checkJobs(world);
            checkNothingIsLeft(world);
        });
    }

    @Test
    @Tag("R-CMD-02")
    void changesAreExecutedInTheSameOrderEverywhereUnderEveryFault() {
        Pace atOnce = new Pace(64, "", "");
        Seeds.each(1000, seed -> {
            World world = new World(seed);
            for (int i = 0; i < 30; i++) {
                if (world.random.nextInt(4) == 0) {
                    world.trouble();
                } else {
                    world.ask(WRITE, atOnce);
                }
                world.cluster.time().run(Duration.ofNanos(world.random.nextLong(5_000_000)));
            }
            world.end();
            checkOrder(world);
            checkJobs(world);
            checkNothingIsLeft(world);
        });
    }

    @Test
    @Tag("R-CMD-05")
    void everyNodeIsOkWhenNothingGoesWrong() {
        Seeds.each(100, seed -> {
            World world = new World(seed);
            Watched watched = new Watched(world, world.sites.get(0), new Plan(READ, Map.of(), "*", world.names()), Pace.DEFAULT);
            world.cluster.time().run(TIMEOUT);
            Answer answer = watched.job.answer().join();
            // The simulated workers dawdle now and then, but 100 ms are the most they take.
            assertEquals(world.size, answer.count(NodeState.OK), answer.toString());
        });
    }

    @Test
    @Tag("R-CMD-02")
    @Tag("R-CMD-07")
    void twoOperatorsOnTwoNodesChangeEveryNodeInTheSameOrder() {
        Seeds.each(200, seed -> {
            World world = new World(seed);
            int other = world.size - 1;
            List<Watched> jobs = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                for (int operator : new int[] {0, other}) {
                    jobs.add(new Watched(world, world.sites.get(operator), new Plan(WRITE, Map.of(), "*", world.names()), Pace.DEFAULT));
                }
            }
            world.cluster.time().run(Duration.ofSeconds(5));
            jobs.forEach(watched -> assertTrue(watched.job.answer().isDone()));
            checkOrder(world);
            checkNothingIsLeft(world);
        });
    }
}
