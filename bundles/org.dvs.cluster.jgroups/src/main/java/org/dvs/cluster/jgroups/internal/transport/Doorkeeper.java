package org.dvs.cluster.jgroups.internal.transport;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.jgroups.internal.order.Peer;
import org.dvs.cluster.jgroups.internal.order.Seat;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.Event;
import org.jgroups.Message;
import org.jgroups.View;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.JoinRsp;
import org.jgroups.stack.Protocol;
import org.jgroups.util.MessageBatch;
import org.jgroups.util.Util;

/**
 * Stands below GMS and sends back those who must not join: a node whose id is in the view already, and whoever {@link Admission}
 * refuses. It also notes who takes leave. That a joiner is who it says has been proven by {@link SecureTransport}. Replaces
 * jgroups-raft's NO_DUPES.
 *
 * <p><b>Leave for a former self.</b> A slow coordinator may let in a peer whose node has given up that try to join and has asked
 * again as another peer. Nobody answers for the former one, so all would wait for it until its silence is noticed. Therefore the
 * node takes leave for it, in its own name; the coordinator believes it, since node ids are proven.
 */
public final class Doorkeeper extends Protocol {
    private static final short GMS_ID = ClassConfigurator.getProtocolId(GMS.class);
    private static final char SEPARATOR = ':';
    private static final int MOST_ENTERING = 1_024;

    private final Admission admission;
    private final LinkListener listener;
    private final Predicate<Peer> former;
    /** Whose request GMS has, but who is in no view yet. */
    private final Set<Address> entering = new LinkedHashSet<>();
    private volatile View view;

    /** @param former true for a peer that this node was in an earlier try to join */
    public Doorkeeper(Admission admission, LinkListener listener, Predicate<Peer> former) {
        this.admission = admission;
        this.listener = listener;
        this.former = former;
    }

    @Override
    public Object down(Event event) {
        if (event.getType() == Event.VIEW_CHANGE) {
            view = event.getArg();
            synchronized (entering) {
                entering.removeAll(view.getMembers());
            }
        }
        Object result = down_prot.down(event);
        if (event.getType() == Event.VIEW_CHANGE) {
            leaveForFormerSelves(view);
        }
        return result;
    }

    private void leaveForFormerSelves(View now) {
        for (Address member : now.getMembersRaw()) {
            if (NodeAddress.peer(member).filter(former).isPresent()) {
                down_prot.down(new EmptyMessage(now.getCoord()).setFlag(Message.Flag.OOB)
                        .putHeader(GMS_ID, new GMS.GmsHeader(GMS.GmsHeader.LEAVE_REQ, member)));
            }
        }
    }

    @Override
    public Object up(Message message) {
        return passes(message) ? up_prot.up(message) : null;
    }

    @Override
    public void up(MessageBatch batch) {
        for (Iterator<Message> each = batch.iterator(); each.hasNext();) {
            if (!passes(each.next())) {
                each.remove();
            }
        }
        if (!batch.isEmpty()) {
            up_prot.up(batch);
        }
    }

    private boolean passes(Message message) {
        GMS.GmsHeader header = message.getHeader(GMS_ID);
        if (header != null && header.getType() == GMS.GmsHeader.LEAVE_REQ) {
            return leaves(message.getSrc(), header.getMember());
        }
        if (header == null || header.getType() != GMS.GmsHeader.JOIN_REQ
                && header.getType() != GMS.GmsHeader.JOIN_REQ_WITH_STATE_TRANSFER) {
            return true;
        }
        Address joiner = message.getSrc();
        Optional<Seat> seat = NodeAddress.seat(joiner).filter(known -> joiner.equals(header.getMember()));
        if (seat.isEmpty()) {
            return false;
        }
        // One that asks again is not refused for what happened since: it would give up, and be let in all the same.
        Optional<DvsException> refusal = enters(joiner) ? Optional.empty()
                : busy(seat.get(), joiner).or(() -> admission.refusal(seat.get()));
        if (refusal.isPresent()) {
            refuse(joiner, refusal.get());
            return false;
        }
        entered(joiner);
        return true;
    }

    private boolean enters(Address joiner) {
        synchronized (entering) {
            return entering.contains(joiner);
        }
    }

    private void entered(Address joiner) {
        View now = view;
        if (now != null && now.containsMember(joiner)) {
            return;
        }
        synchronized (entering) {
            entering.add(joiner);
            if (entering.size() > MOST_ENTERING) {
                entering.remove(entering.iterator().next());
            }
        }
    }

    /** @return true if it is for GMS to handle */
    private boolean leaves(Address speaker, Address leaver) {
        Optional<Peer> gone = NodeAddress.peer(leaver);
        int id = NodeAddress.peer(speaker).map(Peer::id).orElse(-1);
        if (gone.filter(peer -> peer.id() == id).isEmpty()) {
            listener.refused(false, new DvsException(ErrorCode.BADCERT, speaker + " took leave for another node; dropped"));
            return false;
        }
        listener.leaving(gone.get());
        if (speaker.equals(leaver)) {
            return true;
        }
        // As a suspect, since GMS does not wait for the answer of one; a leave would wait until that wait is over.
        up_prot.up(new Event(Event.SUSPECT, List.of(leaver)));
        return false;
    }

    private Optional<DvsException> busy(Seat joiner, Address address) {
        View now = view;
        if (now == null) {
            return Optional.empty();
        }
        for (Address member : now.getMembersRaw()) {
            boolean sameId = NodeAddress.peer(member).filter(peer -> peer.id() == joiner.peer().id()).isPresent();
            if (sameId && !member.equals(address)) {
                // If it is the former run of the same node, it is gone as soon as this check has found that out.
                Protocol verifier = stack.findProtocol(VERIFY_SUSPECT2.class);
                if (verifier != null && !member.equals(local_addr)) {
                    verifier.up(new Event(Event.SUSPECT, List.of(member)));
                }
                return Optional.of(new DvsException(ErrorCode.NODEBUSY,
                        "node id " + joiner.peer().id() + " is in the cluster already; " + joiner.name() + " was refused"));
            }
        }
        return Optional.empty();
    }

    private void refuse(Address joiner, DvsException why) {
        try {
            Message refusal = new BytesMessage(joiner, Util.streamableToBuffer(new JoinRsp(encode(why))))
                    .putHeader(GMS_ID, new GMS.GmsHeader(GMS.GmsHeader.JOIN_RSP));
            down_prot.down(refusal);
        } catch (Exception e) {
            log.warn("cannot answer %s: %s", joiner, e);
        }
    }

    private static String encode(DvsException why) {
        return why.code().name() + SEPARATOR + why.getMessage();
    }

    /** Turns the text that a refused JGroups channel gives back into what the coordinator meant. */
    public static DvsException decode(String text) {
        int at = text == null ? -1 : text.indexOf(SEPARATOR);
        if (at > 0) {
            for (ErrorCode code : new ErrorCode[] {ErrorCode.NODEBUSY, ErrorCode.NONODE, ErrorCode.BADCERT}) {
                if (code.name().equals(text.substring(0, at))) {
                    return new DvsException(code, text.substring(at + 1).replaceAll("\\p{Cntrl}", "?"));
                }
            }
        }
        return new DvsException(ErrorCode.NOTREADY, "the cluster refused this node");
    }
}
