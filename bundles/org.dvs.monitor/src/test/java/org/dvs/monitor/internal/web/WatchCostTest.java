package org.dvs.monitor.internal.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.dvs.api.dispatch.Dispatcher;
import org.dvs.api.dispatch.Job;
import org.dvs.api.dispatch.JobListener;
import org.dvs.api.dispatch.NodeAnswer;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.Plan;
import org.dvs.api.request.Column;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.ValueType;
import org.dvs.monitor.internal.live.WatchForTests;
import org.dvs.testkit.PlannedJob;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What looking around costs a node. Names finish the sentence "looking at a hundred nodes …". */
@Tag("R-CMD-01")
class WatchCostTest {
    private static final List<String> NODES = IntStream.range(0, 100).mapToObj(each -> "node" + each).toList();
    private static final int SECONDS = 60;
    private static final int TICKS_PER_SECOND = 4;
    /** Of one core. */
    private static final double MOST = 0.05;

    private final ConsoleFixture fixture = new ConsoleFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    /** Every node answers at once, with a row as long as {@code node load}'s. */
    private static final class HundredNodes implements Dispatcher {
        private final List<Job> jobs = new ArrayList<>();
        private long asked;

        HundredNodes() {
            for (int i = 0; i < 50; i++) {
                jobs.add(made("RQST_DF"));
            }
        }

        private static RequestSpec spec(String name) {
            RequestSpec.Builder spec = RequestSpec.named(name).command("node load").help("made up");
            IntStream.range(0, 11).forEach(each -> spec.column(Column.of("column" + each, ValueType.INTEGER, "made up")));
            return spec.build();
        }

        private PlannedJob made(String name) {
            return new PlannedJob("node0-1-" + ++asked, new Plan(spec(name), Map.of(), "*", NODES));
        }

        @Override
        public Plan plan(Order order) {
            return new Plan(spec(order.request()), Map.of(), "*", NODES);
        }

        @Override
        public Job dispatch(Order order, JobListener listener) {
            PlannedJob job = made(order.request());
            long now = asked;
            job.end(node -> new NodeAnswer(node, NodeState.OK, 0, "", 5,
                    List.of(LongRow.of(11, now))));
            return job;
        }

        @Override
        public Optional<Job> job(String id) {
            return Optional.empty();
        }

        @Override
        public List<Job> jobs() {
            return jobs;
        }

        @Override
        public Job retry(String jobId, Order order, JobListener listener) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class LongRow {
        static List<Object> of(int cells, long value) {
            return IntStream.range(0, cells).<Object>mapToObj(each -> value * 1_000_003 + each).toList();
        }
    }

    @Test
    void takesLessThanAFewPercentOfACoreWhileAPageIsOpen() throws Exception {
        AtomicLong lines = new AtomicLong();
        CompletableFuture<HttpResponse<Stream<String>>> page = fixture.client().sendAsync(fixture.request("/console/api/events")
                .timeout(Duration.ofMinutes(5)).header("Cookie", fixture.login("viewer").cookie()).GET().build(),
                HttpResponse.BodyHandlers.ofLines());
        page.thenAcceptAsync(answer -> answer.body().forEach(line -> lines.incrementAndGet()));
        Awaitility.await().atMost(ConsoleFixture.WAIT).until(() -> fixture.hub.size() == 1);
        AtomicLong nanos = new AtomicLong();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        try (WatchForTests watch = new WatchForTests(new HundredNodes(), fixture.hub, nanos::get)) {
            double best = Double.MAX_VALUE;
            for (int round = 0; round < 4; round++) {
                long before = threads.getCurrentThreadCpuTime();
                for (int tick = 0; tick < SECONDS * TICKS_PER_SECOND; tick++) {
                    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1) / TICKS_PER_SECOND);
                    watch.tick();
                }
                best = Math.min(best, (threads.getCurrentThreadCpuTime() - before) / 1e9 / SECONDS);
            }
            System.out.printf("Looking at 100 nodes with a page open: %.2f %% of a core%n", best * 100);
            assertTrue(best <= MOST, best + " of a core");
        }
        Awaitility.await().atMost(ConsoleFixture.WAIT).until(() -> lines.get() > 0);
        // All of it fits into the queue of a page, so that none was cut off and nothing was left out.
        assertEquals(1, fixture.hub.size());
    }
}
