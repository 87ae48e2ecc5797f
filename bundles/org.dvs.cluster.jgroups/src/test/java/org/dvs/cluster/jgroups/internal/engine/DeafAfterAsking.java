package org.dvs.cluster.jgroups.internal.engine;

import java.util.ArrayList;
import java.util.List;

import org.jgroups.Message;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.stack.Protocol;
import org.jgroups.util.MessageBatch;

/** Stands above a node's transport: once the node has asked to join, it finds nobody any more. */
final class DeafAfterAsking extends Protocol {
    private static final short GMS_ID = ClassConfigurator.getProtocolId(GMS.class);
    private static final short PING_ID = ClassConfigurator.getProtocolId(TCPPING.class);

    private volatile boolean deaf;

    List<Protocol> above(List<Protocol> protocols) {
        List<Protocol> changed = new ArrayList<>(protocols);
        changed.add(1, this);
        return changed;
    }

    @Override
    public Object down(Message message) {
        GMS.GmsHeader header = message.getHeader(GMS_ID);
        deaf |= header != null && header.getType() == GMS.GmsHeader.JOIN_REQ;
        return down_prot.down(message);
    }

    private boolean lost(Message message) {
        return deaf && message.getHeader(PING_ID) != null;
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
