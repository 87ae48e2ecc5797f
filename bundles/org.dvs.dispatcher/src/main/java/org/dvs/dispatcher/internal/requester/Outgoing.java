package org.dvs.dispatcher.internal.requester;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.dvs.api.DvsException;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.Plan;
import org.dvs.dispatcher.internal.Loop;
import org.dvs.dispatcher.internal.Outbox;
import org.dvs.dispatcher.internal.wire.Key;
import org.dvs.dispatcher.internal.wire.Message;
import org.dvs.dispatcher.internal.wire.Wire;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a job says to nodes: what it asks, with the time that is left, and that nobody waits any more. Used on the loop. */
final class Outgoing {
    private static final Logger LOG = LoggerFactory.getLogger(Outgoing.class);
    /** What the agents get less than the requester, so that a node that gives up can still say so: at most this much. */
    private static final long MAX_MARGIN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Key key;
    private final Plan plan;
    private final Order order;
    private final Loop loop;
    private final Outbox outbox;
    private final long deadlineNanos;

    /** @param deadlineNanos in the loop's time */
    Outgoing(Key key, Plan plan, Order order, Loop loop, Outbox outbox, long deadlineNanos) {
        this.key = key;
        this.plan = plan;
        this.order = order;
        this.loop = loop;
        this.outbox = outbox;
        this.deadlineNanos = deadlineNanos;
    }

    /** Bytes of the request as it goes out to all targets at once; any thread. */
    int size() {
        return request(plan.targets().stream().map(target -> 0).toList()).length;
    }

    private byte[] request(List<Integer> nodeIds) {
        long left = Math.max(0, deadlineNanos - loop.nanoTime());
        long granted = left - Math.min(left / 4, MAX_MARGIN_NANOS);
        return Wire.encode(new Message.Ask(key, (int) TimeUnit.NANOSECONDS.toMillis(granted), nodeIds, order.caller(),
                order.requestId(), plan.values()));
    }

    /** @param failed hears on the loop why nobody was asked */
    void ask(List<Integer> nodeIds, Consumer<DvsException> failed) {
        outbox.multicast(request(nodeIds), e -> loop.execute(() -> failed.accept(e)));
    }

    void tellToStop(Target target, Message.Reason reason) {
        // Who is not reached by this has left, or stops at its own deadline.
        outbox.send(target.nodeId, Wire.encode(new Message.Cancel(key, reason)), e ->
                LOG.debug("{}: {} could not be told to stop: {}", key, target.node, e.getMessage()));
    }
}
