package org.dvs.cluster.jgroups.internal.transport;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

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
 * Stands below GMS and sends back those who must not join: a node whose id is in the view already, and whoever {@link
 * Admission} refuses. Where parts of the cluster meet it keeps {@link Doubles} apart. It also notes who takes leave. That a
 * joiner is who it says has been proven by {@link SecureTransport}. Replaces jgroups-raft's NO_DUPES.
 *
 * <p><b>Former selves.</b> A slow coordinator may let in a peer whose node has given up that try to join and has asked again as
 * another peer. Nobody answers for the former one, so all would wait for it until its silence is noticed, and the newer one would
 * be refused for it. Therefore a node says with each request who it {@linkplain FormerLives was before}: the coordinator takes
 * those for dead, now or as soon as they come in. Should another coordinator have let one in, the node takes leave for it in each
 * view that has it. Both are believed, since node ids are proven.
 */
public final class Doorkeeper extends Protocol {
    private static final short ID = 563;
    private static final short GMS_ID = ClassConfigurator.getProtocolId(GMS.class);
    private static final char SEPARATOR = ':';
    private static final int MOST_KNOWN = 1_024;

    static {
        ClassConfigurator.addProtocol(ID, Doorkeeper.class);
        new FormerLives(); // known before the first one comes
    }

    private final Admission admission;
    private final LinkListener listener;
    private final Supplier<Set<Peer>> former;
    private final Doubles doubles;
    /** Whose request GMS has, but who is in no view yet. */
    private final Set<Address> entering = new LinkedHashSet<>();
    /** Who asked to join as another peer since. */
    private final Set<Peer> replaced = new LinkedHashSet<>();
    private volatile View view;

    /**
     * @param former     gives the peers that this node was in earlier tries to join, oldest first
     * @param rivalry    asked where parts of the cluster meet that have nodes with one id
     * @param patienceNs how long a dead member may stay in a view
     */
    public Doorkeeper(Admission admission, LinkListener listener, Supplier<Set<Peer>> former, Rivalry rivalry, long patienceNs,
            LongSupplier nanoTime) {
        this.admission = admission;
        this.listener = listener;
        this.former = former;
        doubles = new Doubles(rivalry, peer -> isReplaced(peer) || former.get().contains(peer), patienceNs, nanoTime);
    }

    @Override
    public Object down(Event event) {
        if (event.getType() == Event.VIEW_CHANGE) {
            view = event.getArg();
            doubles.forget();
            synchronized (entering) {
                entering.removeAll(view.getMembers());
            }
        }
        Object result = down_prot.down(event);
        if (event.getType() == Event.VIEW_CHANGE) {
            leaveForFormerSelves(view);
            if (view.getCoord().equals(local_addr)) {
                forgetReplaced(view);
            }
        }
        return result;
    }

    @Override
    public Object down(Message message) {
        GMS.GmsHeader header = message.getHeader(GMS_ID);
        if (header != null && asksToJoin(header)) {
            Set<Peer> before = former.get();
            if (!before.isEmpty()) {
                message.putHeader(id, new FormerLives(before));
            }
        }
        return down_prot.down(message);
    }

    private static boolean asksToJoin(GMS.GmsHeader header) {
        return header.getType() == GMS.GmsHeader.JOIN_REQ || header.getType() == GMS.GmsHeader.JOIN_REQ_WITH_STATE_TRANSFER;
    }

    private void leaveForFormerSelves(View now) {
        Set<Peer> before = former.get();
        for (Address member : now.getMembersRaw()) {
            if (NodeAddress.peer(member).filter(before::contains).isPresent()) {
                down_prot.down(new EmptyMessage(now.getCoord()).setFlag(Message.Flag.OOB)
                        .putHeader(GMS_ID, new GMS.GmsHeader(GMS.GmsHeader.LEAVE_REQ, member)));
            }
        }
    }

    @Override
    public Object up(Event event) {
        if (event.getType() != Event.MERGE) {
            return up_prot.up(event);
        }
        Map<Address, View> parts = doubles.without(local_addr, event.getArg());
        return parts.isEmpty() || View.sameViews(parts.values()) ? null : up_prot.up(new Event(Event.MERGE, parts));
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
        if (header != null && header.getType() == GMS.GmsHeader.MERGE_REQ) {
            // Of one that does not see all views, or does not keep to the rules.
            return sameId(message.getSrc()).isEmpty();
        }
        if (header == null || !asksToJoin(header)) {
            return true;
        }
        Address joiner = message.getSrc();
        Optional<Seat> seat = NodeAddress.seat(joiner).filter(known -> joiner.equals(header.getMember()));
        if (seat.isEmpty()) {
            return false;
        }
        FormerLives before = message.getHeader(id);
        if (before != null) {
            replace(before.of(seat.get().peer().id()));
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
            remember(entering, joiner);
        }
    }

    private static <T> void remember(Set<T> known, T another) {
        known.add(another);
        if (known.size() > MOST_KNOWN) {
            known.remove(known.iterator().next());
        }
    }

    private void replace(List<Peer> before) {
        synchronized (replaced) {
            before.forEach(peer -> remember(replaced, peer));
        }
        View now = view;
        if (now != null) {
            forgetReplaced(now);
        }
    }

    private boolean isReplaced(Peer peer) {
        synchronized (replaced) {
            return replaced.contains(peer);
        }
    }

    /** Takes for dead who is in the view and asks as another peer now. */
    private void forgetReplaced(View now) {
        for (Address member : now.getMembersRaw()) {
            NodeAddress.peer(member).filter(this::isReplaced).ifPresent(peer -> end(peer, member));
        }
    }

    /** As a suspect, since GMS does not wait for the answer of one; a leave would wait until that wait is over. */
    private void end(Peer peer, Address member) {
        listener.leaving(peer);
        up_prot.up(new Event(Event.SUSPECT, List.of(member)));
    }

    /** @return true if it is for GMS to handle */
    private boolean leaves(Address speaker, Address leaver) {
        Optional<Peer> gone = NodeAddress.peer(leaver);
        int id = NodeAddress.peer(speaker).map(Peer::id).orElse(-1);
        if (gone.filter(peer -> peer.id() == id).isEmpty()) {
            listener.refused(false, new DvsException(ErrorCode.BADCERT, speaker + " took leave for another node; dropped"));
            return false;
        }
        if (speaker.equals(leaver)) {
            listener.leaving(gone.get());
            return true;
        }
        end(gone.get(), leaver);
        return false;
    }

    private Optional<DvsException> busy(Seat joiner, Address address) {
        return sameId(address).map(member -> {
            // If it is the former run of the same node, it is gone as soon as this check has found that out.
            Protocol verifier = stack.findProtocol(VERIFY_SUSPECT2.class);
            if (verifier != null && !member.equals(local_addr)) {
                verifier.up(new Event(Event.SUSPECT, List.of(member)));
            }
            return new DvsException(ErrorCode.NODEBUSY,
                    "node id " + joiner.peer().id() + " is in the cluster already; " + joiner.name() + " was refused");
        });
    }

    /** Another member with the id of this peer. */
    private Optional<Address> sameId(Address address) {
        View now = view;
        Optional<Peer> asker = NodeAddress.peer(address);
        if (now == null || asker.isEmpty()) {
            return Optional.empty();
        }
        return now.getMembers().stream().filter(member -> !member.equals(address) && NodeAddress.peer(member)
                .filter(peer -> peer.id() == asker.get().id() && !isReplaced(peer)).isPresent()).findFirst();
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
