package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.HARDWARE;
import static org.dvs.kernel.api.EndpointNumbers.NONE;
import static org.dvs.kernel.internal.ipc.Result.BLOCKED;
import static org.dvs.kernel.internal.ipc.Result.OK;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.ProcessFlags;

/**
 * The rendezvous: send, receive, sendrec, rcvrqst, reply, wakeup; {@link Notifications} are beside it. Under the lock of the DC.
 *
 * <p>Source: dvs-kernel reference 7.3 (checks, in its order), 8.1 to 8.4 and 8.7.
 */
final class Rendezvous {
    private final Container dc;

    Rendezvous(Container dc) {
        this.dc = dc;
    }

    // ---- checks of the peer

    /**
     * Whether the caller may address the peer, and can reach it.
     *
     * @param free the error for a free slot
     * @return 0 or an EDVS number, BLOCKED when the caller waits for a migration now
     */
    int check(Proc caller, int peer, ErrorCode free) {
        int result = find(caller, peer, free);
        if (result != OK) {
            return result;
        }
        Proc other = dc.slots.of(peer);
        if (other.isMigrating() && !dc.slots.remoteSide(other).asks(caller)) {
            return dc.migrations.await(caller, other);
        }
        return other.isRemote() ? dc.sending.check(other.node, true) : OK;
    }

    /** Whether the peer is bound and the caller may address it. */
    int find(Proc caller, int peer, ErrorCode free) {
        if (peer == HARDWARE || peer == ANY || peer == NONE) {
            return ErrorCode.BADDEST.rcode();
        }
        int number = dc.numbers.processNumber(peer);
        if (!dc.numbers.isSlot(number)) {
            return ErrorCode.RANGE.rcode();
        }
        if (dc.slots.isSystem(number) && !caller.ipcTo.get(dc.slots.index(number))) {
            return ErrorCode.TRAPDENIED.rcode();
        }
        Proc other = dc.slots.at(number);
        if (other == null) {
            return free(peer, free);
        }
        return other.endpoint == peer ? OK : ErrorCode.ENDPOINT.rcode();
    }

    /** A free slot: whoever was there last, or will be next, is not there; an endpoint of any other generation is wrong. */
    int free(int peer, ErrorCode free) {
        int next = dc.numbers.generation(dc.slots.nextEndpoint(dc.numbers.processNumber(peer)));
        int behind = Math.floorMod(next - dc.numbers.generation(peer), dc.numbers.generations());
        boolean known = behind == 0 || behind == 1 && dc.settings.generations();
        return (known && dc.numbers.isEndpoint(peer) ? free : ErrorCode.ENDPOINT).rcode();
    }

    // ---- send

    int send(Proc caller) {
        if (caller.peer == caller.endpoint) {
            return ErrorCode.BADDEST.rcode();
        }
        int result = check(caller, caller.peer, ErrorCode.DSTDIED);
        if (result != OK) {
            return result;
        }
        Proc to = dc.slots.of(caller.peer);
        if (to.isRemote()) {
            return dc.sending.begin(caller, to, Command.SEND_MSG, ProcessFlags.SENDING);
        }
        if (takes(to, caller, false)) {
            deliver(to, caller);
            caller.lclSent++;
            return OK;
        }
        if (to.queuedOn == caller) {
            // Each waits for the other to receive: nobody ever would.
            return ErrorCode.LOCKED.rcode();
        }
        caller.rts |= ProcessFlags.SENDING;
        caller.sendTo = to.endpoint;
        to.enqueue(caller);
        return BLOCKED;
    }

    /** Whether the receiver waits for just this. */
    static boolean takes(Proc to, Proc from, boolean request) {
        return to.receivesFrom(from.endpoint) && (request ? !to.takesNoRequest(to.getFrom) : to.operation != Operation.RCVRQST);
    }

    /** Gives a message to a process that waits for it, and ends its wait. */
    void deliver(Proc to, Proc from) {
        if (from.isStub() && to.operation == Operation.SENDREC) {
            to.rmtSent++;
        }
        to.message.set(from.outgoing()).source(from.endpoint);
        endAtomic(to, from);
        to.rts &= ~ProcessFlags.RECEIVING;
        to.getFrom = NONE;
        dc.end(to, OK);
    }

    // ---- sendrec

    int sendrec(Proc caller) {
        if (caller.peer == caller.endpoint) {
            return ErrorCode.ENDPOINT.rcode();
        }
        int result = check(caller, caller.peer, ErrorCode.DEADSRCDST);
        if (result != OK) {
            return result;
        }
        Proc to = dc.slots.of(caller.peer);
        Proc sender = dc.slots.remoteSide(to);
        if (sender.queuedOn == caller && !sender.isRequesting()) {
            // An answer that was left over.
            take(caller, sender);
            return OK;
        }
        if (caller.noWait) {
            return BLOCKED;
        }
        if (to.isRemote()) {
            result = dc.sending.begin(caller, to, Command.SNDREC_MSG, ProcessFlags.SENDING | ProcessFlags.RECEIVING);
            caller.getFrom = result == BLOCKED ? to.endpoint : NONE;
            return result;
        }
        if (to.queuedOn == caller) {
            return ErrorCode.LOCKED.rcode();
        }
        caller.getFrom = to.endpoint;
        if (takes(to, caller, true)) {
            deliver(to, caller);
            request(caller, to);
            caller.lclSent++;
        } else {
            caller.rts |= ProcessFlags.SENDING | ProcessFlags.RECEIVING;
            caller.sendTo = to.endpoint;
            to.enqueue(caller);
        }
        return BLOCKED;
    }

    /** From now on the client waits for the server's answer. */
    void request(Proc client, Proc server) {
        client.rts = client.rts & ~ProcessFlags.SENDING | ProcessFlags.RECEIVING;
        client.misc |= ProcessFlags.ATOMIC;
        client.getFrom = server.endpoint;
        client.sendTo = NONE;
        if (!server.isStub()) {
            client.asked = server;
            server.unanswered++;
            server.misc |= ProcessFlags.NOMIGRATE;
        }
    }

    /** The client no longer waits for an answer, if it did. */
    void endAtomic(Proc client) {
        if ((client.misc & ProcessFlags.ATOMIC) == 0) {
            return;
        }
        client.misc &= ~ProcessFlags.ATOMIC;
        Proc server = client.asked;
        client.asked = null;
        if (server != null) {
            server.collects = false;
            if (--server.unanswered == 0) {
                server.misc &= ~ProcessFlags.NOMIGRATE;
                dc.migrations.settle(server);
            }
        }
        if (client.isStub()) {
            client.rts &= ~ProcessFlags.RECEIVING;
            client.getFrom = NONE;
        }
    }

    /** As {@link #endAtomic(Proc)}, if it was this process that was to answer. */
    void endAtomic(Proc client, Proc answering) {
        if (client.asks(answering)) {
            endAtomic(client);
        }
    }

    // ---- receive

    int receive(Proc caller, boolean requestsOnly) {
        int source = requestsOnly ? ANY : caller.peer;
        if (requestsOnly && !caller.isSystem()) {
            return ErrorCode.TRAPDENIED.rcode();
        }
        if (source != ANY) {
            int result = checkSource(caller, source);
            if (result != OK) {
                return result;
            }
        } else if (!requestsOnly && (caller.misc & ProcessFlags.WOKENUP) != 0) {
            caller.misc &= ~ProcessFlags.WOKENUP;
            return ErrorCode.WOKENUP.rcode();
        }
        if (!requestsOnly && dc.notifications.take(caller, source)) {
            return OK;
        }
        for (Proc sender = caller.firstSender; sender != null; sender = sender.nextSender) {
            if ((source == ANY || sender.endpoint == source)
                    && (sender.isRequesting() ? !caller.takesNoRequest(source) : !requestsOnly)) {
                take(caller, sender);
                return OK;
            }
        }
        caller.rts |= ProcessFlags.RECEIVING;
        caller.getFrom = source;
        Proc from = source == ANY || caller.noWait ? null : dc.slots.of(source);
        if (from != null && from.isRemote()) {
            dc.passing.awaited(from);
        }
        return BLOCKED;
    }

    private int checkSource(Proc caller, int source) {
        if (source == NONE || !dc.slots.inRange(source)) {
            return ErrorCode.RANGE.rcode();
        }
        if (source == caller.endpoint) {
            return ErrorCode.ENDPOINT.rcode();
        }
        Proc from = dc.slots.of(source);
        if (from == null) {
            return free(source, ErrorCode.SRCDIED);
        }
        if (from.endpoint != source) {
            return ErrorCode.ENDPOINT.rcode();
        }
        return from.isRemote() ? dc.sending.check(from.node, false) : OK;
    }

    /** Takes the message of a process in the receiver's queue. */
    private void take(Proc receiver, Proc sender) {
        receiver.message.set(sender.outgoing()).source(sender.endpoint);
        sender.dequeue();
        if (sender.isRequesting()) {
            request(sender, receiver);
            if (!sender.isStub()) {
                sender.lclSent++;
            }
            return;
        }
        sender.rts &= ~ProcessFlags.SENDING;
        sender.sendTo = NONE;
        if (sender.isStub()) {
            dc.sending.acknowledge(sender, receiver, Command.SEND_ACK, OK);
        } else {
            sender.lclSent++;
            dc.end(sender, OK);
        }
    }

    // ---- reply

    int reply(Proc caller) {
        if (!caller.isSystem()) {
            return ErrorCode.TRAPDENIED.rcode();
        }
        if (caller.peer == caller.endpoint) {
            return ErrorCode.BADDEST.rcode();
        }
        int result = check(caller, caller.peer, ErrorCode.DSTDIED);
        if (result != OK) {
            return result;
        }
        Proc client = dc.slots.remoteSide(dc.slots.of(caller.peer));
        if (!client.isReceiving() || client.getFrom != caller.endpoint) {
            return ErrorCode.PROCSTS.rcode();
        }
        if (client.isRemote()) {
            return dc.sending.begin(caller, client, Command.REPLY_MSG, ProcessFlags.SENDING);
        }
        deliver(client, caller);
        caller.lclSent++;
        return OK;
    }

    // ---- from outside

    /** Whether this is a process of this node that an administrator can reach. */
    int findLocal(int endpoint) {
        if (!dc.slots.inRange(endpoint)) {
            return ErrorCode.RANGE.rcode();
        }
        Proc proc = dc.slots.of(endpoint);
        if (proc == null) {
            return ErrorCode.DSTDIED.rcode();
        }
        if (proc.endpoint != endpoint) {
            return ErrorCode.ENDPOINT.rcode();
        }
        if (proc.isRemote()) {
            return ErrorCode.RMTPROC.rcode();
        }
        return proc.isMigrating() ? ErrorCode.MIGRATE.rcode() : OK;
    }

    /** Ends the receive(ANY) of a process, or has its next one end. */
    int wakeup(Proc to) {
        if (to.isReceiving() && to.getFrom == ANY && to.operation == Operation.RECEIVE) {
            to.rts &= ~ProcessFlags.RECEIVING;
            to.getFrom = NONE;
            dc.end(to, ErrorCode.WOKENUP.rcode());
            return OK;
        }
        to.misc |= ProcessFlags.WOKENUP;
        return (to.isCalling() ? ErrorCode.PROCSTS : ErrorCode.PROCRUN).rcode();
    }
}
