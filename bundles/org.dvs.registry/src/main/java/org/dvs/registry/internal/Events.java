package org.dvs.registry.internal;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.LogField;
import org.dvs.api.Printable;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.Cluster;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.View;
import org.dvs.cluster.api.ViewEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Treats membership events: refresh the tables and with them the kernel, run the event's script, write the journal. Serial, in
 * the order of the events, on a thread of its own ({@code dvs-registry-events-1}), so that membership is never held up; each
 * event once per view. Source: dvsd reference 11; R-CMD-18. Thread-safe.
 */
final class Events implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    /** The tables are agreed: refreshing is catching up, and without a majority there is nothing to catch up with. */
    private static final Duration REFRESH_LIMIT = Duration.ofSeconds(5);
    private static final int REMEMBERED = 256;

    private final Cluster cluster;
    private final Journal journal;
    private final Supplier<CompletableFuture<Void>> kernel;
    private final LongSupplier clock;
    private final ThreadPoolExecutor worker;
    private final Set<String> seen = new LinkedHashSet<>();
    private final Set<String> missing = new LinkedHashSet<>();
    private volatile Setup setup;

    /** What the configuration says; replaced whole, so that an event sees one or the other. */
    private record Setup(Map<ViewEvent.Kind, ScriptPlan> plans, ScriptRunner scripts) {
    }

    /**
     * @param plans  one for each kind
     * @param queue  events that may wait
     * @param kernel has this node's kernel follow the tables and the members
     * @param clock  milliseconds since the epoch, for the journal
     */
    Events(Cluster cluster, Map<ViewEvent.Kind, ScriptPlan> plans, ScriptRunner scripts, Journal journal, int queue,
            Supplier<CompletableFuture<Void>> kernel, LongSupplier clock) {
        this.cluster = cluster;
        configure(plans, scripts);
        this.journal = journal;
        this.kernel = kernel;
        this.clock = clock;
        worker = new ThreadPoolExecutor(1, 1, 0, TimeUnit.MILLISECONDS, new ArrayBlockingQueue<>(queue), task -> {
            Thread thread = new Thread(task, "dvs-registry-events-1");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Counts for the events treated from now on. */
    final void configure(Map<ViewEvent.Kind, ScriptPlan> plans, ScriptRunner scripts) {
        setup = new Setup(Map.copyOf(plans), scripts);
    }

    /** Takes an event; returns at once. */
    void happened(ViewEvent event) {
        synchronized (seen) {
            if (!seen.add(event.after().id() + "/" + event.kind())) {
                return;
            }
            if (seen.size() > REMEMBERED) {
                seen.remove(seen.iterator().next());
            }
        }
        long time = clock.getAsLong();
        try {
            worker.execute(() -> treat(event, time));
        } catch (RejectedExecutionException e) {
            if (!worker.isShutdown()) {
                LOG.error("{} of view {}: its script is skipped, {} events wait already", event.kind(), event.after().id(),
                        worker.getQueue().size());
                note(event, time, false, "", ScriptResult.without(ScriptResult.End.SKIPPED));
            }
        }
    }

    private void treat(ViewEvent event, long time) {
        try (MDC.MDCCloseable kind = MDC.putCloseable(LogField.CODE, event.kind().name());
                MDC.MDCCloseable peer = MDC.putCloseable(LogField.PEER, names(event.changed()))) {
            LOG.info("{}: {} in view {}, members {}, {}", event.kind(), names(event.changed()), event.after().id(),
                    names(event.after().members()), event.after().primary() ? "with a majority" : "without a majority");
            boolean current = refresh(event.after());
            align();
            Setup now = setup;
            ScriptPlan plan = now.plans().get(event.kind());
            ScriptResult result = run(event, plan, now.scripts());
            note(event, time, current, plan.script(), result);
        } catch (RuntimeException e) {
            LOG.error("{} of view {} could not be treated", event.kind(), event.after().id(), e);
        }
    }

    private boolean refresh(View view) {
        try {
            Waiting.on(cluster.state().sync(), REFRESH_LIMIT, ErrorCode.TIMEDOUT, "refreshing the tables");
            return true;
        } catch (DvsException e) {
            String age = old(cluster.state().age());
            if (view.primary()) {
                LOG.warn("the tables could not be refreshed, they are {}: {}", age, Printable.line(e.getMessage()));
            } else {
                // Nobody to ask: the start of a cluster, or the side of a minority.
                LOG.info("the tables stay as they are, {}: {}", age, Printable.line(e.getMessage()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** A script finds the kernel as it is after the event; what the kernel refuses is told elsewhere. */
    private void align() {
        try {
            Waiting.on(kernel.get(), REFRESH_LIMIT, ErrorCode.TIMEDOUT, "this node's kernel");
        } catch (DvsException e) {
            LOG.debug("the kernel did not follow: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** For people: a node that never knew the whole state gives an age of a thousand years. */
    static String old(Duration age) {
        return age.compareTo(AgreedState.NEVER) < 0 ? age.toMillis() + " ms old" : "of unknown age";
    }

    private ScriptResult run(ViewEvent event, ScriptPlan plan, ScriptRunner scripts) {
        if (plan.script().isEmpty()) {
            return ScriptResult.without(ScriptResult.End.NONE);
        }
        if (plan.lowest() && event.after().members().get(0).id() != cluster.local().id()) {
            return ScriptResult.without(ScriptResult.End.ELSEWHERE);
        }
        ScriptResult result;
        try {
            result = scripts.run(scripts.resolve(plan.script()), environment(event, cluster.local()), plan.timeout());
        } catch (DvsException | IllegalArgumentException e) {
            result = new ScriptResult(ScriptResult.End.FAILED, -1, String.valueOf(e.getMessage()), false, 0);
        }
        say(event, plan, result);
        return result;
    }

    /** What the script is told. Names of nodes are letters, digits, '_', '.' and '-'. */
    static Map<String, String> environment(ViewEvent event, Member local) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("DVS_EVENT", event.kind().name());
        environment.put("DVS_LOCAL_NODE", local.name());
        environment.put("DVS_NODES_OLD", names(event.before().members()));
        environment.put("DVS_NODES_NEW", names(event.after().members()));
        environment.put("DVS_NODES_CHANGED", names(event.changed()));
        environment.put("DVS_VIEW_ID", Long.toString(event.after().id()));
        environment.put("DVS_PRIMARY", event.after().primary() ? "yes" : "no");
        return environment;
    }

    private void say(ViewEvent event, ScriptPlan plan, ScriptResult result) {
        String script = Printable.line(plan.script());
        if (result.end() == ScriptResult.End.MISSING) {
            if (missing.add(plan.script())) {
                LOG.warn("{}: script {} is not there, so nothing is run", event.kind(), script);
            }
            return;
        }
        missing.remove(plan.script());
        String output = Printable.line(result.output().stripTrailing()) + (result.cut() ? "... (cut)" : "");
        if (result.failure()) {
            LOG.error("{} of view {}: script {} {} after {} ms; output: {}", event.kind(), event.after().id(), script,
                    result.shown(), result.elapsedMs(), output);
        } else {
            LOG.info("{} of view {}: script {} {} after {} ms; output: {}", event.kind(), event.after().id(), script,
                    result.shown(), result.elapsedMs(), output);
        }
    }

    private void note(ViewEvent event, long time, boolean current, String script, ScriptResult result) {
        View after = event.after();
        journal.add(new JournalEntry(time, event.kind(), event.changed().stream().map(Member::name).toList(), after.id(),
                after.primary(), current, script, result));
    }

    private static String names(List<Member> members) {
        return String.join(",", members.stream().map(Member::name).toList());
    }

    /** Ends a script that runs; events that wait are dropped. Takes 5 s at the most. */
    @Override
    public void close() {
        worker.shutdownNow();
        try {
            if (!worker.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.error("dvs-registry-events-1 has not ended within 5 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
