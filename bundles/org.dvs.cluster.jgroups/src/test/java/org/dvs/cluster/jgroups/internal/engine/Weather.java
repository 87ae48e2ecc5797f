package org.dvs.cluster.jgroups.internal.engine;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

import org.dvs.cluster.jgroups.internal.transport.NodeAddress;
import org.jgroups.Message;
import org.jgroups.stack.Protocol;
import org.jgroups.util.MessageBatch;

/** Stands above a node's transport: loses and swaps messages from a seed, and cuts the node off from others. */
final class Weather extends Protocol {
    private final Random random;
    private final Set<Integer> cut = ConcurrentHashMap.newKeySet();
    private volatile double loss;
    private Message heldBack;

    Weather(long seed) {
        random = new Random(seed);
    }

    UnaryOperator<List<Protocol>> above() {
        return protocols -> {
            List<Protocol> changed = new ArrayList<>(protocols);
            changed.add(1, this);
            return changed;
        };
    }

    /** @param part of what arrives that is lost; as much again comes later than what followed it */
    void bad(double part) {
        loss = part;
    }

    /** From now on nothing from these nodes arrives. */
    void cutOff(Integer... nodes) {
        cut.addAll(Set.of(nodes));
    }

    void mend() {
        cut.clear();
        loss = 0;
    }

    private boolean lost(Message message) {
        boolean fromCut = NodeAddress.peer(message.getSrc()).filter(peer -> cut.contains(peer.id())).isPresent();
        double part = loss;
        synchronized (random) {
            return fromCut || part > 0 && random.nextDouble() < part;
        }
    }

    @Override
    public Object up(Message message) {
        if (lost(message)) {
            return null;
        }
        Message first = message;
        Message second = null;
        synchronized (random) {
            if (heldBack != null) {
                second = heldBack;
                heldBack = null;
            } else if (loss > 0 && random.nextDouble() < loss) {
                heldBack = message;
                return null;
            }
        }
        Object result = up_prot.up(first);
        if (second != null) {
            up_prot.up(second);
        }
        return result;
    }

    @Override
    public void up(MessageBatch batch) {
        for (Iterator<Message> each = batch.iterator(); each.hasNext();) {
            if (lost(each.next())) {
                each.remove();
            }
        }
        if (!batch.isEmpty()) {
            up_prot.up(batch);
        }
    }
}
