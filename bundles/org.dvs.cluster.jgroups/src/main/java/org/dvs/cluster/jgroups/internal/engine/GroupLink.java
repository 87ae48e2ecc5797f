package org.dvs.cluster.jgroups.internal.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

import org.dvs.cluster.jgroups.internal.order.BadFrameException;
import org.dvs.cluster.jgroups.internal.order.Cause;
import org.dvs.cluster.jgroups.internal.order.Epoch;
import org.dvs.cluster.jgroups.internal.order.Frame;
import org.dvs.cluster.jgroups.internal.order.FrameCodec;
import org.dvs.cluster.jgroups.internal.order.Peer;
import org.dvs.cluster.jgroups.internal.order.Seat;
import org.dvs.cluster.jgroups.internal.order.TotalOrder;
import org.dvs.cluster.jgroups.internal.transport.NodeAddress;
import org.dvs.cluster.jgroups.internal.view.CauseBook;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.util.MessageBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between JGroups and the {@link Exchange}. Our frames go without JGroups' flow control, as windows of our own bound what is
 * under way; so sending never waits for another node.
 */
final class GroupLink implements TotalOrder.Outbox {
    private static final Logger LOG = LoggerFactory.getLogger(GroupLink.class);

    private final CauseBook causes;
    private final Runnable rival;
    private final LongAdder broken = new LongAdder();
    private volatile Reception reception;

    /** @param rival called when parts of the cluster met, and another node with this node's id came in before it */
    GroupLink(CauseBook causes, Runnable rival) {
        this.causes = causes;
        this.rival = rival;
    }

    /** For one try to join. @param former true for a peer that this node was in an earlier one */
    void connect(JChannel channel, Exchange exchange, Predicate<Peer> former) {
        reception = new Reception(channel, exchange, former);
        channel.setReceiver(reception);
    }

    /** True if this try got into its first view behind another node with this node's id: it is to leave then. */
    boolean hasRival() {
        return reception.behindRival;
    }

    /** Frames that could not be read. */
    long broken() {
        return broken.sum();
    }

    @Override
    public void send(Peer to, Frame frame) {
        send(new BytesMessage(NodeAddress.bare(to), FrameCodec.encode(frame)));
    }

    @Override
    public void multicast(Frame frame) {
        send(new BytesMessage(null, FrameCodec.encode(frame)).setFlag(Message.TransientFlag.DONT_LOOPBACK));
    }

    private void send(Message message) {
        try {
            reception.channel.send(message.setFlag(Message.Flag.NO_FC));
        } catch (Exception e) {
            // Not connected any more: the view will say so to those who wait.
            LOG.debug("not sent: {}", e.toString());
        }
    }

    /** What one channel brings. What a channel that was given up still brings is dropped. */
    private final class Reception implements Receiver {
        private final JChannel channel;
        private final Exchange exchange;
        private final Predicate<Peer> former;
        private View lastView;
        private volatile boolean behindRival;

        Reception(JChannel channel, Exchange exchange, Predicate<Peer> former) {
            this.channel = channel;
            this.exchange = exchange;
            this.former = former;
        }

        @Override
        public void receive(Message message) {
            Peer from = NodeAddress.peer(message.getSrc()).orElse(null);
            if (from == null || reception != this) {
                return;
            }
            try {
                exchange.receive(from, FrameCodec.decode(message.getArray(), message.getOffset(), message.getLength()));
            } catch (BadFrameException e) {
                broken.increment();
                LOG.warn("A message of node id {} was dropped: {}", from.id(), e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("Cannot handle a message of node id {}", from.id(), e);
            }
        }

        @Override
        public void receive(MessageBatch batch) {
            for (Message message : batch) {
                receive(message);
            }
        }

        @Override
        public void viewAccepted(View view) {
            if (reception != this || behindRival) {
                return;
            }
            List<Seat> seats = new ArrayList<>();
            Set<Integer> before = new HashSet<>();
            boolean twice = false;
            for (Address member : view.getMembersRaw()) {
                Seat seat = NodeAddress.seat(member)
                        .orElseThrow(() -> new IllegalStateException("address of another kind: " + member));
                seats.add(seat);
                // Of two with one id the later one gives way, but not to what it was itself: the doorkeeper takes its leave.
                twice |= member.equals(channel.getAddress()) && before.contains(seat.peer().id());
                if (!former.test(seat.peer())) {
                    before.add(seat.peer().id());
                }
            }
            boolean first = lastView == null;
            Map<Peer, Cause> gone = first ? Map.of() : causes.causes(View.leftMembers(lastView, view).stream()
                    .flatMap(address -> NodeAddress.peer(address).stream()).toList());
            lastView = view;
            if (twice) {
                behindRival = first;
                if (!first) {
                    rival.run();
                }
                return;
            }
            Peer founder = NodeAddress.peer(view.getCreator()).orElse(seats.get(0).peer());
            exchange.view(new Epoch(view.getViewId().getId(), founder), seats, gone);
        }
    }
}
