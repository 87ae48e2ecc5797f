package org.dvs.dispatcher.internal.requester;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Units;
import org.dvs.api.dispatch.JobListener;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.Plan;
import org.dvs.cluster.api.Channel;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.View;
import org.dvs.dispatcher.internal.Counters;
import org.dvs.dispatcher.internal.Loop;
import org.dvs.dispatcher.internal.Outbox;
import org.dvs.dispatcher.internal.Settings;
import org.dvs.dispatcher.internal.Witness;
import org.dvs.dispatcher.internal.wire.Key;
import org.dvs.dispatcher.internal.wire.Message;
import org.dvs.dispatcher.internal.wire.Wire;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The side that asks: numbers requests, keeps those under way and those that wait within their bounds, and gives each reply to
 * its job. {@link #dispatch} and {@link #heard} may be called by any thread, everything else
 * on the loop.
 *
 * <p>Source: R-CMD-01, R-CMD-05, R-CMD-07; dvsd reference 5.3.
 */
public final class Requester {
    private static final Logger LOG = LoggerFactory.getLogger(Requester.class);
    /** Longest deadline taken. */
    public static final Duration MAX_TIMEOUT = Duration.ofHours(24);
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._:-]{0,128}");

    private final Member local;
    private final long incarnation;
    private final Loop loop;
    private final Outbox outbox;
    private final Supplier<Settings> settings;
    private final Counters counters;
    private final JobStore store;
    private final Witness witness;
    private final AtomicLong sequence = new AtomicLong();
    private final AtomicInteger admitted = new AtomicInteger();
    private final Map<Key, DispatchJob> running = new LinkedHashMap<>();
    private final Queue<DispatchJob> waiting = new ArrayDeque<>();
    private Map<String, Integer> ids = Map.of();
    private long reserved;
    private boolean stopped;
    private volatile View view;

    public Requester(Member local, long incarnation, Loop loop, Outbox outbox, Supplier<Settings> settings, Counters counters,
                     JobStore store, Witness witness) {
        this.local = local;
        this.incarnation = incarnation;
        this.loop = loop;
        this.outbox = outbox;
        this.settings = settings;
        this.counters = counters;
        this.store = store;
        this.witness = witness;
    }

    /**
     * @param content equal for orders that ask for the same: decides what a request id used again means
     * @return a new job, or the one that the same user made under the same request id
     * @throws DvsException {@code INVAL} or {@code BADRANGE} for a bad request id or timeout, {@code CONFLICT} for a request id
     *                      used for something else, {@code NOTREADY}, {@code TOOBIG}, {@code AGAIN}, {@code NOAUDIT}
     */
    public DispatchJob dispatch(Plan plan, Order order, Object content, JobListener listener) throws DvsException {
        check(order);
        if (!order.requestId().isEmpty()) {
            Optional<DispatchJob> same = store.same(order.caller().user(), order.requestId(), content);
            if (same.isPresent()) {
                return listen(same.get(), listener);
            }
        }
        View now = view;
        if (now == null) {
            throw new DvsException(ErrorCode.NOTREADY, local.name() + " has not joined its cluster yet");
        }
        if (plan.spec().changes() && !now.primary()) {
            throw new DvsException(ErrorCode.NOTREADY, plan.spec().name() + " changes something, and " + local.name()
                    + " has no majority of the cluster behind it: it sees " + now.members().size()
                    + (now.members().size() == 1 ? " node" : " nodes"));
        }
        Key key = new Key(local.id(), incarnation, sequence.incrementAndGet(), plan.spec().name());
        DispatchJob job = new DispatchJob(key.id(local.name()), key, plan, order, content, this);
        int size = job.size();
        if (size > Channel.MAX_PAYLOAD) {
            throw new DvsException(ErrorCode.TOOBIG, "the request has " + size + " bytes, at most " + Channel.MAX_PAYLOAD);
        }
        int limit = settings.get().maxJobs() + settings.get().maxWaitingJobs();
        if (admitted.incrementAndGet() > limit) {
            admitted.decrementAndGet();
            counters.count(Counters.Event.REFUSED);
            throw new DvsException(ErrorCode.AGAIN, limit + " jobs are under way or waiting on " + local.name());
        }
        DispatchJob kept;
        try {
            kept = store.add(job);
        } catch (DvsException e) {
            admitted.decrementAndGet();
            throw e;
        }
        if (kept != job) {
            admitted.decrementAndGet();
            return listen(kept, listener);
        }
        try {
            job.tellAtEnd(witness.asked(job.id(), plan, order, local.name()));
            if (!loop.execute(() -> begin(job, listener))) {
                throw new DvsException(ErrorCode.NOTREADY, "the dispatcher of " + local.name() + " is stopping or overloaded");
            }
        } catch (DvsException e) {
            admitted.decrementAndGet();
            store.remove(job);
            job.neverBegins(e);
            throw e;
        }
        return job;
    }

    private static void check(Order order) throws DvsException {
        if (order.timeout().isNegative() || order.timeout().compareTo(MAX_TIMEOUT) > 0) {
            throw new DvsException(ErrorCode.BADRANGE, "timeout: " + order.timeout().toMillis() + "ms is not in 0.."
                    + Units.durationText(MAX_TIMEOUT.toMillis()));
        }
        if (!REQUEST_ID.matcher(order.requestId()).matches()) {
            throw new DvsException(ErrorCode.INVAL, "request id: only letters, digits and . _ : - are taken, at most 128");
        }
        for (String each : List.of(order.caller().user(), order.caller().channel(), order.caller().source())) {
            if (each.getBytes(StandardCharsets.UTF_8).length > Wire.MAX_NAME) {
                throw new DvsException(ErrorCode.INVAL, "the caller's name or address is longer than " + Wire.MAX_NAME + " bytes");
            }
        }
    }

    private DispatchJob listen(DispatchJob job, JobListener listener) {
        job.listen(listener);
        return job;
    }

    private void begin(DispatchJob job, JobListener listener) {
        if (!job.begin(listener)) {
            return;
        }
        if (stopped) {
            job.stop();
            return;
        }
        if (running.size() < settings.get().maxJobs() && waiting.isEmpty()) {
            running.put(job.key(), job);
            job.watchDeadline();
            start(job);
        } else {
            waiting.add(job);
            job.watchDeadline();
        }
    }

    private void start(DispatchJob job) {
        LOG.debug("{}: {} to {}", job.id(), job.key().type(), job.plan().targets().size());
        job.advance();
    }

    /** Told once by each job that has begun. */
    void finished(DispatchJob job) {
        admitted.decrementAndGet();
        reserved -= job.bytes();
        waiting.remove(job);
        running.remove(job.key());
        store.ended(job);
        loop.execute(this::startWaiting);
    }

    private void startWaiting() {
        while (!stopped && !waiting.isEmpty() && running.size() < settings.get().maxJobs()) {
            DispatchJob job = waiting.remove();
            running.put(job.key(), job);
            start(job);
        }
    }

    /** A view was delivered, and {@link #view} will follow on the loop; any thread. From now on orders are taken for it. */
    public void heard(View now) {
        view = now;
    }

    /** A new view: whoever is not in it will not answer any more. */
    public void view(View now) {
        Map<String, Integer> members = new HashMap<>();
        now.members().forEach(member -> members.put(member.name(), member.id()));
        ids = members;
        List.copyOf(running.values()).forEach(job -> job.view(now));
    }

    public void rows(Message.Rows message) {
        DispatchJob job = running.get(message.key());
        if (job == null || !job.rows(message)) {
            late(message, message.replier());
        }
    }

    public void end(Message.End message) {
        DispatchJob job = running.get(message.key());
        if (job == null || !job.end(message)) {
            late(message, message.replier());
        }
    }

    private void late(Message message, int replier) {
        long nth = counters.count(Counters.Event.LATE_REPLY);
        LOG.debug("{}: late reply {} of node {}, dropped", message.key(), nth, replier);
    }

    /** Ends all jobs: this node leaves, or the dispatcher stops. */
    public void stop() {
        stopped = true;
        List.copyOf(running.values()).forEach(DispatchJob::stop);
        List.copyOf(waiting).forEach(DispatchJob::stop);
    }

    /** @return true for a request that this node has sent and waits for */
    public boolean asks(Key key) {
        return running.containsKey(key);
    }

    /** Jobs under way and waiting. */
    public int pending() {
        return running.size() + waiting.size();
    }

    /** Bytes of rows that jobs under way hold. */
    public long reservedBytes() {
        return reserved;
    }

    boolean reserve(long bytes) {
        if (reserved + bytes > settings.get().maxTotalBytes()) {
            return false;
        }
        reserved += bytes;
        return true;
    }

    /** The id of a member of the current view; null for any other name. */
    Integer idOf(String node) {
        return ids.get(node);
    }

    Loop loop() {
        return loop;
    }

    Outbox outbox() {
        return outbox;
    }

    Settings settings() {
        return settings.get();
    }

    Counters counters() {
        return counters;
    }
}
