package org.dvs.monitor.internal.live;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.Role;
import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.Dispatcher;
import org.dvs.api.dispatch.JobListener;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.Pace;
import org.dvs.api.dispatch.Selection;
import org.dvs.monitor.internal.model.Trees;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks around while somebody has a page open, and tells the {@link Hub}: jobs several times a second, the load of all nodes
 * and this node's tables every few seconds, by the requests that everybody can send; the proxy pairs of all nodes only while
 * somebody listens to {@link #PAIRS}, as they grow with the square of the nodes. Without a page it does nothing but look
 * whether there is one.
 *
 * <p><b>Threads.</b> One of its own does everything; answers arrive on the dispatcher's and are only kept.
 */
public final class Watch implements AutoCloseable {
    /** Topic, and name of its event. */
    public static final String PAIRS = "pairs";

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final long TICK_MS = 250;
    private static final long BEAT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    /** Who asks when the console asks by itself. Jobs of this channel are not kept by the dispatcher. */
    private static final Caller SELF = new Caller("console", Set.of(Role.VIEWER), Caller.INTERNAL, "local");
    /** What is asked of this node only, and the name under which pages hear of it. */
    private static final Map<String, String> TABLES = Map.of("RQST_DCLIST", "dcs", "RQST_EVENTLIST", "events");

    private final Dispatcher dispatcher;
    private final Hub hub;
    private final Predicate<String> sessionOpen;
    private final long refreshNanos;
    private final LongSupplier nanoTime;
    private final JobWatch jobs;
    private final ScheduledExecutorService thread;
    private final Map<String, Object> known = new LinkedHashMap<>();
    private long nextRefresh;
    private long nextBeat;
    private volatile boolean soon = true;

    public Watch(Dispatcher dispatcher, Hub hub, Predicate<String> sessionOpen, Duration refresh, LongSupplier nanoTime) {
        this.dispatcher = dispatcher;
        this.hub = hub;
        this.sessionOpen = sessionOpen;
        this.refreshNanos = refresh.toNanos();
        this.nanoTime = nanoTime;
        jobs = new JobWatch(hub::publish);
        nextRefresh = nanoTime.getAsLong();
        nextBeat = nextRefresh;
        thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "dvs-monitor-watch-1");
            made.setDaemon(true);
            return made;
        });
    }

    public void start() {
        thread.scheduleWithFixedDelay(this::safely, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }

    /** Something happened that the tables will tell: they are asked at the next tick. */
    public void lookSoon() {
        soon = true;
    }

    /** What was last heard, by name. */
    public synchronized Map<String, Object> known() {
        return new LinkedHashMap<>(known);
    }

    private void safely() {
        try {
            tick();
        } catch (RuntimeException e) {
            LOG.error("The pages were not brought up to date", e);
        }
    }

    /** One look around. */
    void tick() {
        hub.expire(sessionOpen);
        if (hub.isIdle()) {
            return;
        }
        jobs.look(dispatcher.jobs());
        long now = nanoTime.getAsLong();
        if (now - nextBeat >= 0) {
            nextBeat = now + BEAT_NANOS;
            hub.beat();
        }
        if (soon || now - nextRefresh >= 0) {
            soon = false;
            nextRefresh = now + refreshNanos;
            ask("RQST_NODELOAD", Selection.ALL, "load", Hub.ALL);
            TABLES.forEach((request, name) -> ask(request, Selection.LOCAL, name, Hub.ALL));
            if (hub.hasListeners(PAIRS)) {
                ask("RQST_PROXYLIST", Selection.ALL, PAIRS, PAIRS);
            }
        }
    }

    private void ask(String request, Selection nodes, String name, String topic) {
        try {
            dispatcher.dispatch(new Order(request, Map.of(), nodes, PATIENCE, Pace.DEFAULT, SELF, ""), JobListener.NONE).answer()
                    .thenAccept(answer -> heard(name, topic, answer));
        } catch (DvsException e) {
            // Not joined yet, no such request here, or too busy: the pages keep what they have.
            LOG.debug("{} was not asked: {}", request, e.getMessage());
        }
    }

    private void heard(String name, String topic, Answer answer) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("columns", Trees.columns(answer.spec()));
        Map<String, Object> nodes = new LinkedHashMap<>();
        answer.nodes().stream().filter(node -> node.state() == NodeState.OK).forEach(node -> nodes.put(node.node(), node.rows()));
        tree.put("nodes", nodes);
        tree.put("silent", answer.nodes().stream().filter(node -> node.state() == NodeState.SILENT).map(node -> node.node())
                .toList());
        tree.put("at", System.currentTimeMillis());
        if (topic.equals(Hub.ALL)) {
            synchronized (this) {
                known.put(name, tree);
            }
        }
        hub.publish(topic, name, tree);
    }

    /** Stops its thread within a second. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(1, TimeUnit.SECONDS)) {
                LOG.warn("{} did not end when interrupted", "dvs-monitor-watch-1");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
