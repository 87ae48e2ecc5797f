package org.dvs.dispatcher.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.dvs.api.DvsException;
import org.dvs.cluster.api.Channel;
import org.dvs.cluster.api.Cluster;
import org.dvs.cluster.api.Delivery;
import org.dvs.cluster.api.Receiver;
import org.dvs.cluster.api.View;
import org.dvs.dispatcher.internal.agent.Agent;
import org.dvs.dispatcher.internal.agent.Pools;
import org.dvs.dispatcher.internal.agent.WorkerPool;
import org.dvs.dispatcher.internal.requester.JobStore;
import org.dvs.dispatcher.internal.requester.Requester;

/** The protocol on one cluster's channel, with its threads: made when the cluster comes, closed when it goes. Thread-safe. */
public final class Session implements Receiver {
    /** The same on all nodes. */
    public static final String CHANNEL = "dispatcher";
    private static final int MAX_DELIVERIES = 4096;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Cluster cluster;
    private final EventLoop loop;
    private final WorkerPool queries;
    private final WorkerPool beside;
    private final WorkerPool changes;
    private final List<Runnable> early = new ArrayList<>();
    private final Channel channel;
    private final SenderThread sender;
    private final Requester requester;
    private final Protocol protocol;
    private View first;
    private boolean opened;

    /**
     * @param incarnation differs at each start of this node and of this bundle: numbers start anew with each, and agents remember
     *                    those of before
     * @throws DvsException as {@link Cluster#open}
     */
    Session(Cluster cluster, long incarnation, Supplier<Settings> settings, Counters counters, HandlerCatalogue catalogue,
            JobStore store, Witness witness) throws DvsException {
        this.cluster = cluster;
        int number = NUMBER.incrementAndGet();
        channel = cluster.open(CHANNEL, this);
        loop = new EventLoop("dvs-dispatcher-loop-" + number, MAX_DELIVERIES, counters);
        sender = new SenderThread("dvs-dispatcher-send-" + number, channel);
        queries = new WorkerPool("dvs-dispatcher-query-" + number, settings.get().workers(), () -> settings.get().maxQueued(),
                () -> settings.get().maxStuckWorkers());
        beside = new WorkerPool("dvs-dispatcher-beside-" + number, settings.get().besideWorkers(),
                () -> settings.get().maxQueuedBeside(), () -> settings.get().maxStuckWorkers());
        changes = new WorkerPool("dvs-dispatcher-change-" + number, 1, () -> settings.get().maxQueuedChanges(),
                () -> settings.get().maxStuckWorkers());
        requester = new Requester(cluster.local(), incarnation, loop, sender, settings, counters, store, witness);
        Agent agent = new Agent(cluster.local(), loop, sender, channel::send, settings, counters, catalogue, witness,
                requester::asks, new Pools(queries, beside, changes));
        protocol = new Protocol(cluster.local(), incarnation, requester, agent, counters);
        synchronized (this) {
            opened = true;
            if (first != null) {
                requester.heard(first);
            }
            early.forEach(loop::execute);
            early.clear();
        }
    }

    /** What is delivered while the rest is still being made waits for it. */
    private void hand(Runnable delivery) {
        synchronized (this) {
            if (!opened) {
                early.add(delivery);
                return;
            }
        }
        loop.execute(delivery);
    }

    @Override
    public void multicast(Delivery delivery) {
        hand(() -> protocol.multicast(delivery));
    }

    @Override
    public void direct(Delivery delivery) {
        hand(() -> protocol.direct(delivery));
    }

    @Override
    public void view(View view) {
        synchronized (this) {
            if (opened) {
                requester.heard(view);
            } else {
                first = view;
            }
        }
        hand(() -> protocol.view(view));
    }

    Cluster cluster() {
        return cluster;
    }

    Requester requester() {
        return requester;
    }

    void resize(Settings settings) {
        queries.resize(settings.workers());
        beside.resize(settings.besideWorkers());
    }

    /**
     * Ends all jobs, tells requesters, stops all threads; 5 s at the most. Requests that come meanwhile wait for the next session
     * on this channel, if there is one soon.
     */
    void close() {
        channel.close();
        loop.close(protocol::stop);
        queries.stop();
        beside.stop();
        changes.stop();
        sender.stop();
    }
}
