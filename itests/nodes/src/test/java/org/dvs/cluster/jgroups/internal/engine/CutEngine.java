package org.dvs.cluster.jgroups.internal.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.dvs.api.security.Identity;
import org.dvs.cluster.jgroups.internal.transport.NodeAddress;
import org.jgroups.Message;
import org.jgroups.stack.Protocol;
import org.jgroups.util.MessageBatch;

/** An engine that can be made deaf to other nodes; in this package because only here something can be put into its stack. */
public final class CutEngine {
    private final Deaf deaf = new Deaf();
    private final Engine engine;

    public CutEngine(Settings settings, Identity identity) {
        engine = new Engine(settings, identity, () -> 0L, protocols -> {
            List<Protocol> changed = new ArrayList<>(protocols);
            changed.add(1, deaf);
            return changed;
        });
    }

    public Engine engine() {
        return engine;
    }

    /** From now on nothing arrives from exactly these nodes. */
    public void hearNothingOf(Set<Integer> nodes) {
        deaf.to.addAll(nodes);
        deaf.to.retainAll(nodes);
    }

    /** Stands above the transport. */
    private static final class Deaf extends Protocol {
        private final Set<Integer> to = ConcurrentHashMap.newKeySet();

        private boolean lost(Message message) {
            return !to.isEmpty() && NodeAddress.peer(message.getSrc()).filter(peer -> to.contains(peer.id())).isPresent();
        }

        @Override
        public Object up(Message message) {
            return lost(message) ? null : up_prot.up(message);
        }

        @Override
        public void up(MessageBatch batch) {
            batch.removeIf(this::lost, true);
            if (!batch.isEmpty()) {
                up_prot.up(batch);
            }
        }
    }
}
