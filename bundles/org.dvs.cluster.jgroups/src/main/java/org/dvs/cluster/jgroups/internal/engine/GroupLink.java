package org.dvs.cluster.jgroups.internal.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

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
final class GroupLink implements TotalOrder.Outbox, Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(GroupLink.class);

    private final CauseBook causes;
    private final LongAdder broken = new LongAdder();
    private volatile JChannel channel;
    private volatile Exchange exchange;
    private volatile Runnable idTwice = () -> { };
    private View lastView;

    GroupLink(CauseBook causes) {
        this.causes = causes;
    }

    /** @param usedTwice called when a view has another node with this node's id before it */
    void connect(JChannel to, Exchange with, Runnable usedTwice) {
        channel = to;
        exchange = with;
        idTwice = usedTwice;
        to.setReceiver(this);
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
            channel.send(message.setFlag(Message.Flag.NO_FC));
        } catch (Exception e) {
            // Not connected any more: the view will say so to those who wait.
            LOG.debug("not sent: {}", e.toString());
        }
    }

    @Override
    public void receive(Message message) {
        Peer from = NodeAddress.peer(message.getSrc()).orElse(null);
        if (from == null) {
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
        List<Seat> seats = new ArrayList<>();
        Set<Integer> ids = new HashSet<>();
        boolean twice = false;
        for (Address member : view.getMembersRaw()) {
            Seat seat = NodeAddress.seat(member)
                    .orElseThrow(() -> new IllegalStateException("address of another kind: " + member));
            seats.add(seat);
            // Of two with one id the later one gives way.
            twice |= member.equals(channel.getAddress()) && ids.contains(seat.peer().id());
            ids.add(seat.peer().id());
        }
        Peer founder = NodeAddress.peer(view.getCreator()).orElse(seats.get(0).peer());
        Map<Peer, Cause> gone = causes.causes(lastView == null ? List.of()
                : View.leftMembers(lastView, view).stream().flatMap(address -> NodeAddress.peer(address).stream()).toList());
        lastView = view;
        if (twice) {
            idTwice.run();
            return;
        }
        exchange.view(new Epoch(view.getViewId().getId(), founder), seats, gone);
    }
}
