package org.dvs.dispatcher.internal;

import org.dvs.cluster.api.Delivery;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.View;
import org.dvs.dispatcher.internal.agent.Agent;
import org.dvs.dispatcher.internal.requester.Requester;
import org.dvs.dispatcher.internal.wire.Key;
import org.dvs.dispatcher.internal.wire.Message;
import org.dvs.dispatcher.internal.wire.Wire;
import org.dvs.dispatcher.internal.wire.WireException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives what arrives to the side that it is for. A message must come from the node that it names, and by the way that its kind
 * takes; anything else is dropped, counted and logged. Called on the loop.
 */
public final class Protocol {
    private static final Logger LOG = LoggerFactory.getLogger(Protocol.class);

    private final Member local;
    private final long incarnation;
    private final Requester requester;
    private final Agent agent;
    private final Counters counters;

    public Protocol(Member local, long incarnation, Requester requester, Agent agent, Counters counters) {
        this.local = local;
        this.incarnation = incarnation;
        this.requester = requester;
        this.agent = agent;
        this.counters = counters;
    }

    public void multicast(Delivery delivery) {
        try {
            Message message = Wire.decode(delivery.payload());
            if (!(message instanceof Message.Ask ask)) {
                malformed(delivery, "a " + message.getClass().getSimpleName() + " as multicast");
            } else if (isFrom(delivery, ask.key().requester())) {
                agent.asked(ask.after(delivery.waitedMs()), delivery.view());
            }
        } catch (WireException e) {
            malformed(delivery, e.getMessage());
            e.foreignRequest().filter(key -> key.requester() == delivery.source()).ifPresent(key ->
                    agent.askedInOtherVersion(key, local.name() + " does not speak this: " + e.getMessage()));
        }
    }

    public void direct(Delivery delivery) {
        try {
            Message message = Wire.decode(delivery.payload());
            if (message instanceof Message.Rows rows) {
                if (isFrom(delivery, rows.replier()) && isForMe(delivery, rows.key())) {
                    requester.rows(rows);
                }
            } else if (message instanceof Message.End end) {
                if (isFrom(delivery, end.replier()) && isForMe(delivery, end.key())) {
                    requester.end(end);
                }
            } else if (message instanceof Message.Cancel cancel) {
                if (isFrom(delivery, cancel.key().requester())) {
                    agent.cancelled(cancel);
                }
            } else {
                malformed(delivery, "a request as direct message");
            }
        } catch (WireException e) {
            malformed(delivery, e.getMessage());
        }
    }

    public void view(View view) {
        requester.view(view);
        agent.view(view);
    }

    /** Ends all jobs and all executions. */
    public void stop() {
        requester.stop();
        agent.stop();
    }

    private boolean isFrom(Delivery delivery, int named) {
        if (delivery.source() == named) {
            return true;
        }
        long nth = counters.count(Counters.Event.IMPOSTOR);
        if (Counters.worthLogging(nth)) {
            LOG.warn("node {} sent a message in the name of node {}; dropped ({} by now)", delivery.source(), named, nth);
        }
        return false;
    }

    /** Replies to an earlier start of this node are late, not wrong. */
    private boolean isForMe(Delivery delivery, Key key) {
        if (key.requester() == local.id() && key.incarnation() == incarnation) {
            return true;
        }
        long nth = counters.count(Counters.Event.LATE_REPLY);
        LOG.debug("{}: reply {} of node {} is not for this start of this node, dropped", key, nth, delivery.source());
        return false;
    }

    private void malformed(Delivery delivery, String problem) {
        long nth = counters.count(Counters.Event.MALFORMED);
        if (Counters.worthLogging(nth)) {
            LOG.warn("a message of {} bytes from node {} is not understood: {} ({} by now)", delivery.payload().length,
                    delivery.source(), problem, nth);
        }
    }
}
