package org.dvs.kernel.internal.ipc;

import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;

/**
 * A command at a sender proxy, waiting to be taken: that of a process's call, or an answer. Guarded by the lock of the DC.
 *
 * <p>What says more than a message or the answer to one has a {@link Command}. The others are the many: a message lies with its
 * caller until it is taken, and the few numbers beside it here, so that they cost a third of the memory.
 */
final class Outbound {
    private static final Message NO_MESSAGE = new Message();

    /** Null for the refusal of a command to a DC that is not here. */
    final Container dc;
    final PairState pair;
    /** Whose call it belongs to; null for an answer. */
    final Proc owner;
    /** Whole, from now on its own; null if the numbers below say it all. */
    final Command command;
    final int code;
    final int destinationNode;
    private int source;
    private int destination;
    private int rcode;
    private int call;
    private int pid;
    /** What it asks for, if it is a copy's. */
    Chunk chunk;
    /** Where its payload goes when it was sent; null for nowhere. */
    SpareBuffers spares;
    /** Told, under the lock, when it has been taken or dropped; null for nobody. */
    Runnable taken;
    /** It is not wanted any more. */
    boolean cancelled;
    /** Where it waits; null while it does not. The links are the lane's. */
    Lane lane;
    Outbound next;
    Outbound previous;

    /** @param command from now on its own */
    Outbound(Container dc, PairState pair, Proc owner, Command command) {
        this.dc = dc;
        this.pair = pair;
        this.owner = owner;
        this.command = command;
        code = command.code;
        destinationNode = command.destinationNode;
    }

    /** A message, or the answer to one, by its numbers: to be completed by {@link #says}. */
    Outbound(Container dc, PairState pair, Proc owner, int code, int destinationNode) {
        this.dc = dc;
        this.pair = pair;
        this.owner = owner;
        command = null;
        this.code = code;
        this.destinationNode = destinationNode;
    }

    /** Of one without a command. */
    Outbound says(Proc from, int to, int result, int ofCall) {
        source = from.endpoint;
        pid = from.host == null ? EndpointNumbers.NO_PID : from.host.pid();
        destination = to;
        rcode = result;
        call = ofCall;
        return this;
    }

    /** Whether another node has caused it: those of this node's calls are as many as its processes, its questions as its stubs. */
    boolean isAnswer() {
        return owner == null && code != Command.PROCINFO;
    }

    /** It waits no more. Under the lock. */
    void leaves() {
        if (taken != null) {
            taken.run();
            taken = null;
        }
    }

    /** Whether it has a payload. */
    boolean carries() {
        return command != null && command.payload != null;
    }

    int destination() {
        return command == null ? destination : command.destination;
    }

    /** Makes the other one what this says. The owner's message is still its own. */
    void into(Command taken) {
        if (command != null) {
            taken.set(command);
            return;
        }
        taken.code = code;
        taken.dcid = dc.settings.dcid();
        taken.source = source;
        taken.destination = destination;
        taken.sourceNode = dc.site.localNode();
        taken.destinationNode = destinationNode;
        taken.rcode = rcode;
        taken.call = call;
        taken.pid = pid;
        taken.message.set(owner == null || owner.message == null ? NO_MESSAGE : owner.message).source(source);
        taken.copySource = 0;
        taken.copyDestination = 0;
        taken.copyRequester = 0;
        taken.requesterNode = 0;
        taken.copyNode = 0;
        taken.sourceAddress = 0;
        taken.destinationAddress = 0;
        taken.bytes = 0;
        taken.payload = null;
    }
}
