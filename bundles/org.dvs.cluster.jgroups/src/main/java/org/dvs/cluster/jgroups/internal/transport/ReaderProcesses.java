package org.dvs.cluster.jgroups.internal.transport;

import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.util.MaxOneThreadPerSender;
import org.jgroups.util.MessageBatch;

/**
 * The thread that reads a link also processes what comes in order over it: there is one for each other node, so handing over to a
 * further thread for each sender would only cost time. What may overtake, and what this node sends to itself, goes to the pool.
 *
 * <p>So what processes messages must not wait for others that come over the same link. Nothing of ours waits; JGroups' change of
 * view does, for what is out of order.
 */
final class ReaderProcesses extends MaxOneThreadPerSender {

    @Override
    public boolean process(Message message, boolean outOfOrder) {
        if (outOfOrder) {
            return super.process(message, true);
        }
        return process(() -> tp.passMessageUp(message, true, message.getDest() == null, true), message.getSrc());
    }

    @Override
    public boolean process(MessageBatch batch, boolean outOfOrder) {
        if (outOfOrder) {
            return super.process(batch, true);
        }
        return process(new BatchHandler(batch, false), batch.sender());
    }

    private boolean process(Runnable work, Address sender) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            log.error("cannot process a message of %s: %s", sender, e);
        }
        return true;
    }
}
