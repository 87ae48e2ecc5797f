package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.EndpointNumbers.NONE;
import static org.dvs.kernel.internal.ipc.Result.OK;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Call;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.ProcessFlags;

/**
 * Commands from other nodes: put2lcl. Under the lock of the DC.
 *
 * <p>Checks in the order of dvs-kernel reference 12.3. Where the original dropped a command silently, its origin is answered with
 * the error here, so that no caller waits in vain; only answers are not answered.
 */
final class Inbox {
    private final Container dc;

    Inbox(Container dc) {
        this.dc = dc;
    }

    /** Carries it out. @return as put2lcl */
    int put(Command command) {
        if (command.isAck()) {
            return dc.slots.inRange(command.destination) ? acknowledged(command) : ErrorCode.RANGE.rcode();
        }
        int result = carryOut(command);
        if (result < 0 && command.isAnswered()) {
            refuse(command, result);
        }
        return result;
    }

    /**
     * Whether it must be left alone, as its source is not bound here as living where it comes from. Who has a program here stays
     * bound as it is: that is no reason to leave it alone, but to refuse it.
     *
     * @return 0; or {@code NOTBIND}, {@code ENDPOINT} or {@code NONODE}
     */
    int unbound(Command command) {
        // What was passed on, as its receiver had moved, comes from where its source does not live.
        boolean direct = command.code == Command.NTFY_MSG ? command.call == 0 && command.source != EndpointNumbers.HARDWARE
                : command.code != Command.PROCINFO && command.code != Command.PROCUNBIND && !command.isAck();
        if (!direct || !dc.running() || !dc.slots.inRange(command.source) || !dc.isMember(command.sourceNode)) {
            return OK;
        }
        Proc there = dc.slots.of(command.source);
        if (there != null && !there.isStub()) {
            return OK;
        }
        int result = source(there, command);
        boolean unbound = result == ErrorCode.NOTBIND.rcode() || result == ErrorCode.ENDPOINT.rcode()
                || result == ErrorCode.NONODE.rcode();
        return unbound ? result : OK;
    }

    private int carryOut(Command command) {
        if (!dc.running()) {
            return ErrorCode.DCNOTRUN.rcode();
        }
        if (!dc.slots.inRange(command.source) || !dc.slots.inRange(command.destination)) {
            return ErrorCode.RANGE.rcode();
        }
        if (!dc.isMember(command.sourceNode)) {
            return ErrorCode.NODCNODE.rcode();
        }
        if (command.destinationNode != dc.site.localNode()) {
            return ErrorCode.BADNODEID.rcode();
        }
        return switch (command.code) {
            case Command.SEND_MSG, Command.SNDREC_MSG, Command.REPLY_MSG, Command.NTFY_MSG -> message(command);
            case Command.COPYIN_DATA -> copy(command,
                    () -> dc.servedCopies.serveCopyIn(command, Command.COPYIN_ACK, command.sourceNode));
            case Command.COPYIN_RQST -> copy(command,
                    () -> dc.servedCopies.serveCopyIn(command, Command.COPYRMT_ACK, command.requesterNode));
            case Command.COPYOUT_RQST -> copy(command,
                    () -> dc.servedCopies.serveCopyOut(command, Command.COPYOUT_DATA, command.sourceNode));
            case Command.COPYRMT_RQST -> copy(command,
                    () -> dc.servedCopies.serveCopyOut(command, Command.COPYIN_RQST, command.copyNode));
            case Command.COPYLCL_RQST -> copy(command, () -> dc.servedCopies.serveCopyLocal(command));
            case Command.PROCINFO -> dc.passing.asked(command);
            case Command.PROCUNBIND -> dc.passing.ended(command);
            default -> ErrorCode.BADREQUEST.rcode();
        };
    }

    // ---- messages

    private int message(Command command) {
        if (command.code == Command.NTFY_MSG) {
            return notification(command);
        }
        Proc stub = dc.slots.of(command.source);
        int result = source(stub, command);
        if (result != OK) {
            return result;
        }
        if (!stub.isStub()) {
            stub = dc.slots.shadow(stub, command.sourceNode);
        }
        result = mayCall(stub, command);
        if (result != OK) {
            return result;
        }
        Proc to = dc.slots.of(command.destination);
        result = destination(to, command);
        if (result != OK) {
            return result;
        }
        supersede(stub);
        if (to.isMigrating()) {
            // It owed the answer to the call before, and nothing else kept it from moving.
            return ErrorCode.MIGRATE.rcode();
        }
        stub.stubCall = command.call;
        stub.stubRequest = command.code == Command.SNDREC_MSG;
        stub.stubMessage = command.message;
        result = awaited(to, stub, command);
        if (result != OK) {
            return result;
        }
        if (Rendezvous.takes(to, stub, stub.stubRequest)) {
            dc.rendezvous.deliver(to, stub);
            if (stub.stubRequest) {
                dc.rendezvous.request(stub, to);
            } else {
                dc.sending.acknowledge(stub, to, Command.SEND_ACK, OK);
            }
        } else {
            stub.stubMessage = new Message().set(command.message);
            stub.rts |= ProcessFlags.SENDING | (stub.stubRequest ? ProcessFlags.RECEIVING : 0);
            stub.getFrom = stub.stubRequest ? to.endpoint : NONE;
            stub.sendTo = to.endpoint;
            to.enqueue(stub);
        }
        return OK;
    }

    /**
     * What a process is given that itself waits for the source: the answer to just that call; anything else would wait for ever.
     */
    private static int awaited(Proc to, Proc stub, Command command) {
        boolean answer = to.isReceiving() && to.getFrom == stub.endpoint;
        boolean late = answer && to.operation == Operation.SENDREC && command.rcode != to.serial;
        if (command.code == Command.REPLY_MSG) {
            return answer && !late ? OK : ErrorCode.PROCSTS.rcode();
        }
        boolean crossing = command.code == Command.SEND_MSG && to.has(ProcessFlags.SENDING) && to.sendTo == stub.endpoint
                && to.operation != Operation.REPLY;
        return late || crossing ? ErrorCode.LOCKED.rcode() : OK;
    }

    /** Whether the source is bound here as living where the command comes from. */
    private int source(Proc stub, Command command) {
        if (stub == null) {
            return ErrorCode.NOTBIND.rcode();
        }
        if (stub.endpoint != command.source) {
            return claimed(stub, command, ErrorCode.ENDPOINT);
        }
        if (!stub.isRemote()) {
            boolean oneWay = command.code == Command.SEND_MSG || command.code == Command.NTFY_MSG;
            boolean replica = (stub.misc & ProcessFlags.REPLICATED) != 0 && oneWay;
            return replica ? OK : (stub.isMigrating() ? ErrorCode.MIGRATE : ErrorCode.LCLPROC).rcode();
        }
        if (stub.node == command.sourceNode) {
            return OK;
        }
        // It may be there already, where this node has not been told yet.
        return stub.isMigrating() ? ErrorCode.MIGRATE.rcode() : claimed(stub, command, ErrorCode.NONODE);
    }

    /** Why the source is not taken, where another process that may live has its slot. */
    private int claimed(Proc there, Command command, ErrorCode otherwise) {
        boolean claim = command.code != Command.NTFY_MSG && dc.passing.isClaim(there, command.source, command.sourceNode);
        int held = claim ? dc.claims.result(there) : OK;
        return held == OK ? otherwise.rcode() : held;
    }

    private int mayCall(Proc stub, Command command) {
        Call call = switch (command.code) {
            case Command.SEND_MSG -> Call.SEND;
            case Command.SNDREC_MSG -> Call.SENDREC;
            case Command.REPLY_MSG -> Call.REPLY;
            default -> Call.NOTIFY;
        };
        if ((stub.allowed & call.bit()) == 0) {
            return ErrorCode.BADCALL.rcode();
        }
        int number = dc.numbers.processNumber(command.destination);
        if (dc.slots.isSystem(number) ? !stub.ipcTo.get(dc.slots.index(number)) : !stub.isSystem()) {
            return ErrorCode.TRAPDENIED.rcode();
        }
        boolean system = dc.slots.isSystem(number) && stub.isSystem();
        return command.code != Command.NTFY_MSG || system ? OK : ErrorCode.TRAPDENIED.rcode();
    }

    private int destination(Proc to, Command command) {
        if (to == null) {
            return dc.rendezvous.free(command.destination, ErrorCode.DSTDIED);
        }
        if (to.endpoint != command.destination) {
            return ErrorCode.ENDPOINT.rcode();
        }
        if (to.isMigrating() && !to.isStub()) {
            return ErrorCode.MIGRATE.rcode();
        }
        // It has just moved, and the origin will hear of that too.
        return to.isRemote() ? (to.migrations > 0 ? ErrorCode.MIGRATE : ErrorCode.RMTPROC).rcode() : OK;
    }

    /** Nobody answers a notification: it is kept for a process that moves, and goes after one that has moved. */
    private int notification(Command command) {
        boolean nobodys = command.source == EndpointNumbers.HARDWARE;
        Proc from = nobodys ? null : dc.slots.of(command.source);
        int result = nobodys ? OK : source(from, command);
        boolean elsewhere = result == ErrorCode.MIGRATE.rcode() || result == ErrorCode.NONODE.rcode()
                || result == ErrorCode.LCLPROC.rcode();
        if (elsewhere && (command.call > 0 || from.migrations > 0)) {
            // It comes from where its receiver was, or from where its sender was or is already.
            result = OK;
        }
        if (result == OK && !nobodys) {
            result = mayCall(from, command);
        }
        Proc to = dc.slots.of(command.destination);
        if (result == OK && (to == null || to.endpoint != command.destination)) {
            result = destination(to, command);
        }
        if (result != OK) {
            return result;
        }
        int slot = nobodys ? dc.settings.nrSysprocs() : dc.slots.index(from.nr);
        if (to.isMigrating()) {
            return dc.notifications.post(to, slot, value(command), false);
        }
        if (to.isRemote() && to.migrations > 0) {
            return dc.forwarding.pass(command.source, to, command.rcode, command.call + 1);
        }
        return to.isRemote() ? ErrorCode.RMTPROC.rcode()
                : dc.notifications.notify(to, command.source, slot, value(command), false);
    }

    private static int value(Command command) {
        return command.rcode >= 0 && command.rcode < Integer.SIZE ? command.rcode : Notifications.NO_VALUE;
    }

    /** The source began another call: it has given up the one before, whose outcome it was told is unknown. */
    private void supersede(Proc stub) {
        stub.dequeue();
        dc.rendezvous.endAtomic(stub);
        stub.rts &= ~(ProcessFlags.SENDING | ProcessFlags.RECEIVING);
        stub.getFrom = NONE;
        stub.sendTo = NONE;
    }

    // ---- copies

    private interface Serving {
        int serve();
    }

    private int copy(Command command, Serving serving) {
        int result = source(dc.slots.of(command.source), command);
        if (result != OK) {
            // A copy is not begun again by itself; its requester may do so in a while.
            return result == ErrorCode.MIGRATE.rcode() ? ErrorCode.BUSY.rcode() : result;
        }
        Proc requester = dc.slots.of(command.copyRequester);
        if (requester != null && requester.endpoint == command.copyRequester && (requester.allowed & Call.VCOPY.bit()) == 0) {
            return ErrorCode.BADCALL.rcode();
        }
        return command.bytes < 0 || command.bytes > dc.site.dvs().maxCopybuf() ? ErrorCode.RANGE.rcode() : serving.serve();
    }

    // ---- answers

    private int acknowledged(Command command) {
        if (command.code == Claims.ANSWER) {
            return dc.claims.answered(command);
        }
        Proc proc = dc.slots.of(command.destination);
        if (proc == null || proc.endpoint != command.destination || !proc.isCalling()) {
            return (isOfCopy(command) ? ErrorCode.ACKWAIT : ErrorCode.ACKDST).rcode();
        }
        return switch (command.code) {
            case Command.SEND_ACK -> sendEnded(proc, command);
            case Command.SNDREC_ACK -> requestEnded(proc, command);
            case Command.COPYIN_ACK, Command.COPYOUT_DATA, Command.COPYLCL_ACK, Command.COPYRMT_ACK
                    -> dc.copies.answered(proc, command);
            default -> ErrorCode.BADREQUEST.rcode();
        };
    }

    private int sendEnded(Proc proc, Command command) {
        boolean sends = proc.operation == Operation.SEND || proc.operation == Operation.REPLY;
        if (!sends || !proc.has(ProcessFlags.SENDING) || proc.serial != command.call || proc.outbound != null) {
            return ErrorCode.ACKDST.rcode();
        }
        if (proc.sendTo != command.source) {
            return ErrorCode.ACKSRC.rcode();
        }
        if (command.rcode != OK) {
            return ended(proc, command);
        }
        proc.rmtSent++;
        proc.rts &= ~ProcessFlags.SENDING;
        proc.sendTo = NONE;
        proc.reaches = Proc.NOWHERE;
        dc.end(proc, OK);
        return OK;
    }

    private int requestEnded(Proc proc, Command command) {
        if (proc.operation != Operation.SENDREC || !proc.isReceiving() || proc.serial != command.call) {
            return ErrorCode.ACKDST.rcode();
        }
        if (proc.getFrom != command.source) {
            return ErrorCode.ACKSRC.rcode();
        }
        // What ends it well is the answer itself.
        return command.rcode < 0 ? ended(proc, command) : OK;
    }

    private int ended(Proc proc, Command command) {
        if (command.rcode == ErrorCode.MIGRATE.rcode()) {
            dc.migrations.refused(proc, command.source);
        } else {
            proc.usedOn = command.copyNode;
            dc.abort(proc, Result.ofAnotherNode(command.rcode));
        }
        return OK;
    }

    private void refuse(Command command, int result) {
        Command refusal = refusal(command, result, dc.site.localNode());
        if (result == ErrorCode.SLOTUSED.rcode()) {
            refusal.copyNode = dc.slots.of(command.source).node;
        }
        dc.sending.answer(refusal);
    }

    private static boolean isOfCopy(Command command) {
        int code = command.code & ~Command.ACK;
        return code >= Command.COPYIN_DATA && code <= Command.COPYIN_RQST;
    }

    /** The answer to a command that is not carried out. */
    static Command refusal(Command command, int result, int localNode) {
        Command ack = new Command().set(command);
        ack.payload = null;
        ack.code = switch (command.code) {
            case Command.SNDREC_MSG -> Command.SNDREC_ACK;
            case Command.COPYIN_DATA -> Command.COPYIN_ACK;
            case Command.COPYOUT_RQST -> Command.COPYOUT_DATA;
            case Command.COPYLCL_RQST -> Command.COPYLCL_ACK;
            case Command.COPYRMT_RQST, Command.COPYIN_RQST -> Command.COPYRMT_ACK;
            case Command.PROCINFO -> Command.PROCUNBIND;
            default -> Command.SEND_ACK;
        };
        boolean copy = isOfCopy(command);
        ack.source = command.destination;
        ack.destination = copy ? command.copyRequester : command.source;
        ack.destinationNode = copy ? command.requesterNode : command.sourceNode;
        ack.sourceNode = localNode;
        ack.rcode = result;
        return ack;
    }
}
