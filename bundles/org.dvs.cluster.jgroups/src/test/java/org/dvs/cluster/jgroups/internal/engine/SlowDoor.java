package org.dvs.cluster.jgroups.internal.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

import org.dvs.cluster.jgroups.internal.transport.Doorkeeper;
import org.dvs.cluster.jgroups.internal.transport.NodeAddress;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.stack.Protocol;
import org.jgroups.util.MessageBatch;

/**
 * Stands at the door of a coordinator and keeps one node waiting: what it asks is held back until it has asked as often, and
 * under as many addresses, as was said. Then the first request of each address is let through, in order.
 */
final class SlowDoor extends Protocol {
    private static final short GMS_ID = ClassConfigurator.getProtocolId(GMS.class);

    private final int node;
    private final int addresses;
    private final int requests;
    private final Set<Address> asked = new LinkedHashSet<>();
    private final Map<Address, Message> held = new LinkedHashMap<>();
    private boolean firstOnly;
    private int count;
    private boolean open;

    /** @param node whose requests are held until there are so many of them, from so many addresses */
    SlowDoor(int node, int requests, int addresses) {
        this.node = node;
        this.requests = requests;
        this.addresses = addresses;
    }

    /** The coordinator takes note of what is held. */
    UnaryOperator<List<Protocol>> belowGms() {
        return below(GMS.class);
    }

    /** The coordinator does not know of what is held. */
    UnaryOperator<List<Protocol>> belowTheDoorkeeper() {
        return below(Doorkeeper.class);
    }

    /** The coordinator does not wait long for those who do not answer, so that what was held goes through at once. */
    private UnaryOperator<List<Protocol>> below(Class<? extends Protocol> above) {
        return protocols -> {
            List<Protocol> changed = new ArrayList<>(protocols);
            changed.stream().filter(GMS.class::isInstance).map(GMS.class::cast)
                    .forEach(gms -> gms.setViewAckCollectionTimeout(10));
            changed.add(changed.indexOf(changed.stream().filter(above::isInstance).findFirst().orElseThrow()), this);
            return changed;
        };
    }

    /** Lets through only what the first address asked; the others ask again, when that one is in. */
    SlowDoor firstOnly() {
        firstOnly = true;
        return this;
    }

    /** Addresses under which the node asked, so far. */
    synchronized int addresses() {
        return asked.size();
    }

    synchronized boolean opened() {
        return open;
    }

    private boolean passes(Message message) {
        GMS.GmsHeader header = message.getHeader(GMS_ID);
        if (header == null || header.getType() != GMS.GmsHeader.JOIN_REQ
                || NodeAddress.peer(message.getSrc()).filter(peer -> peer.id() == node).isEmpty()) {
            return true;
        }
        List<Message> released;
        synchronized (this) {
            asked.add(message.getSrc());
            if (open) {
                return true;
            }
            held.putIfAbsent(message.getSrc(), message);
            count++;
            open = count >= requests && held.size() >= addresses;
            if (!open) {
                return false;
            }
            released = held.values().stream().limit(firstOnly ? 1 : addresses).toList();
        }
        released.forEach(up_prot::up);
        return false;
    }

    @Override
    public Object up(Message message) {
        return passes(message) ? up_prot.up(message) : null;
    }

    @Override
    public void up(MessageBatch batch) {
        batch.removeIf(message -> !passes(message), true);
        if (!batch.isEmpty()) {
            up_prot.up(batch);
        }
    }
}
