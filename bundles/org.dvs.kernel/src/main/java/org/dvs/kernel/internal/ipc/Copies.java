package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.NONE;
import static org.dvs.kernel.api.EndpointNumbers.SELF;
import static org.dvs.kernel.internal.ipc.Result.BLOCKED;
import static org.dvs.kernel.internal.ipc.Result.OK;

import java.nio.ByteBuffer;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.ProcessFlags;

/**
 * vcopy: bytes from one program's memory to another's, in chunks. Memory is touched without the lock; ONCOPY keeps the parties
 * still meanwhile. The cases by place of source and destination, and who sends what, as in the table of dvs-kernel reference 13.
 */
final class Copies {
    /** A remote chunk, or memory outside the container, must answer within this time. */
    static final long CHUNK_MS = 30_000;

    private final Container dc;

    Copies(Container dc) {
        this.dc = dc;
    }

    // ---- beginning, under the lock

    int begin(Proc caller) {
        Copy copy = caller.copy;
        int result = check(caller, copy);
        if (result == BLOCKED) {
            int serial = caller.serial;
            dc.site.after(CHUNK_MS, () -> giveUp(caller, serial));
            return BLOCKED;
        }
        if (result != OK || copy.bytes == 0) {
            caller.copy = null;
            return result;
        }
        copy.requester = caller;
        copy.serial = caller.serial;
        copy.chunk = chunk(copy);
        caller.rts |= ProcessFlags.ONCOPY;
        copy.source.rts |= ProcessFlags.ONCOPY;
        copy.destination.rts |= ProcessFlags.ONCOPY;
        copy.copies = this;
        dc.afterwards(copy);
        return BLOCKED;
    }

    /** A party's migration takes too long. */
    private void giveUp(Proc caller, int serial) {
        dc.enter();
        try {
            if (caller.serial == serial && caller.has(ProcessFlags.WAITMIGR)) {
                dc.abort(caller, ErrorCode.TIMEDOUT.rcode());
            }
        } finally {
            dc.leave();
        }
    }

    private int check(Proc caller, Copy copy) {
        if (copy.bytes < 0 || copy.bytes > dc.site.dvs().maxCopylen()) {
            return ErrorCode.RANGE.rcode();
        }
        int source = copy.sourceEndpoint == SELF ? caller.endpoint : copy.sourceEndpoint;
        int destination = copy.destinationEndpoint == SELF ? caller.endpoint : copy.destinationEndpoint;
        if (source == destination || source == ANY || source == NONE || destination == ANY || destination == NONE) {
            return ErrorCode.ENDPOINT.rcode();
        }
        if (!caller.isSystem()) {
            return ErrorCode.TRAPDENIED.rcode();
        }
        int result = party(caller, source, ErrorCode.SRCDIED);
        if (result == OK) {
            result = party(caller, destination, ErrorCode.DSTDIED);
        }
        if (result != OK) {
            return result;
        }
        copy.source = dc.slot(source);
        copy.destination = dc.slot(destination);
        return samePid(copy.source, copy.destination) ? ErrorCode.PERM.rcode() : OK;
    }

    private int party(Proc caller, int endpoint, ErrorCode free) {
        if (endpoint == caller.endpoint) {
            return OK;
        }
        int result = dc.rendezvous.check(caller, endpoint, free);
        if (result != OK) {
            return result;
        }
        return still(dc.slot(endpoint));
    }

    /** Whether a party holds still: a local one waits for a message, and nobody copies with it. */
    static int still(Proc party) {
        if (party.has(ProcessFlags.ONCOPY)) {
            return ErrorCode.BUSY.rcode();
        }
        return party.isRemote() || party.has(ProcessFlags.RECEIVING) ? OK : ErrorCode.PROCSTS.rcode();
    }

    private static boolean samePid(Proc a, Proc b) {
        return a.host != null && b.host != null && a.host.outside() && b.host.outside() && a.host.pid() == b.host.pid();
    }

    private int chunk(Copy copy) {
        int chunk = dc.site.dvs().maxCopybuf();
        for (Proc party : new Proc[] {copy.source, copy.destination}) {
            chunk = Math.min(chunk, party.isRemote() ? dc.site.node(party.node).pair.maxBytes()
                    : party.host.programMemory().maxBytes());
        }
        return chunk;
    }

    // ---- going on, without the lock

    /** Begins the next chunk; called by whoever ended the one before. */
    void step(Copy copy) {
        if (copy.steps.getAndIncrement() > 0) {
            return;
        }
        do {
            chunk(copy, copy.source.host, copy.destination.host);
        } while (copy.steps.decrementAndGet() > 0);
    }

    private void chunk(Copy copy, Host from, Host to) {
        if (copy.finished) {
            return;
        }
        boolean here = !copy.source.isRemote();
        boolean hither = !copy.destination.isRemote();
        if (here && hither && from.programMemory() instanceof LocalMemory source
                && to.programMemory() instanceof LocalMemory destination) {
            int result = whole(copy, source, destination);
            finish(copy, result, result < 0 && source.at(copy.from(), copy.length) == null ? copy.source : copy.destination);
            return;
        }
        copy.length = Math.min(copy.chunk, copy.bytes - copy.copied);
        if (here) {
            deadline(copy);
            from.programMemory().read(copy.from(), copy.length, (result, data) -> {
                if (result != OK) {
                    finish(copy, result, copy.source);
                } else if (hither) {
                    to.programMemory().write(copy.to(), data, written -> written(copy, written));
                } else {
                    send(copy, copy.destination, Command.COPYIN_DATA, data);
                }
            });
        } else if (hither) {
            send(copy, copy.source, Command.COPYOUT_RQST, null);
        } else if (copy.source.node == copy.destination.node) {
            send(copy, copy.source, Command.COPYLCL_RQST, null);
        } else {
            send(copy, copy.source, Command.COPYRMT_RQST, null);
        }
    }

    /** Both parties are in the container: nothing can keep the rest from following at once. */
    private static int whole(Copy copy, LocalMemory source, LocalMemory destination) {
        while (copy.copied < copy.bytes) {
            copy.length = Math.min(copy.chunk, copy.bytes - copy.copied);
            int result = LocalMemory.copy(source, copy.from(), destination, copy.to(), copy.length);
            if (result != OK) {
                return result;
            }
            copy.copied += copy.length;
        }
        return copy.bytes;
    }

    private void send(Copy copy, Proc to, int code, ByteBuffer data) {
        dc.enter();
        try {
            if (copy.finished) {
                return;
            }
            int result = dc.sending.check(to.node, true);
            if (result == OK) {
                Outbound outbound = dc.sending.outbound(copy.requester, to.node, code);
                Command command = outbound.command;
                command.destination = to.endpoint;
                command.copySource = copy.source.endpoint;
                command.copyDestination = copy.destination.endpoint;
                command.copyRequester = copy.requester.endpoint;
                command.requesterNode = command.sourceNode;
                command.copyNode = copy.destination.node;
                command.sourceAddress = copy.from();
                command.destinationAddress = copy.to();
                command.bytes = copy.length;
                command.payload = data;
                deadline(copy);
                result = dc.sending.queue(copy.requester, outbound, 0, NONE);
            }
            if (result != BLOCKED) {
                finish(copy, result);
            }
        } finally {
            dc.leave();
        }
    }

    private void deadline(Copy copy) {
        dc.enter();
        try {
            if (copy.cancelDeadline != null) {
                copy.cancelDeadline.run();
            }
            copy.cancelDeadline = dc.site.after(CHUNK_MS,
                    () -> dc.expire(copy.requester, copy.serial, ErrorCode.TIMEDOUT.rcode()));
        } finally {
            dc.leave();
        }
    }

    /** An answer about the chunk under way. @return 0, or the EDVS number of an answer that nobody waits for */
    int answered(Proc requester, Command command) {
        Copy copy = requester.copy;
        if (copy == null || copy.finished || command.call != requester.serial) {
            return ErrorCode.ACKWAIT.rcode();
        }
        if (command.rcode < 0) {
            finish(copy, command.rcode, command.code == Command.COPYOUT_DATA ? copy.source
                    : command.code == Command.COPYIN_ACK ? copy.destination : null);
        } else if (command.code == Command.COPYOUT_DATA) {
            if (command.payload == null || command.payload.remaining() != copy.length) {
                finish(copy, ErrorCode.PACKSIZE.rcode());
            } else {
                dc.afterwards(() -> copy.destination.host.programMemory().write(copy.to(), command.payload,
                        result -> written(copy, result)));
            }
        } else {
            dc.afterwards(() -> chunkDone(copy));
        }
        return OK;
    }

    private void written(Copy copy, int result) {
        if (result != OK) {
            finish(copy, result, copy.destination);
        } else {
            chunkDone(copy);
        }
    }

    private void chunkDone(Copy copy) {
        copy.copied += copy.length;
        if (copy.copied == copy.bytes) {
            finish(copy, copy.bytes);
        } else {
            step(copy);
        }
    }

    // ---- the end

    private void finish(Copy copy, int result) {
        finish(copy, result, null);
    }

    /** @param at whose memory it failed at, if it did and that is known */
    private void finish(Copy copy, int result, Proc at) {
        dc.enter();
        try {
            copy.failedAt = copy.finished ? copy.failedAt : at;
            fail(copy, result);
        } finally {
            dc.leave();
        }
    }

    /** Ends a copy, well or not; what is still under way of it comes too late. Under the lock. */
    void fail(Copy copy, int result) {
        if (copy.finished) {
            return;
        }
        copy.finished = true;
        Proc requester = copy.requester;
        if (copy.cancelDeadline != null) {
            copy.cancelDeadline.run();
        }
        dc.sending.cancel(requester);
        requester.rts &= ~ProcessFlags.RMTOPER;
        requester.sendTo = NONE;
        requester.copy = null;
        requester.failedCopy = result < 0 ? copy : null;
        if (result >= 0 && requester == copy.source) {
            if (copy.destination.isRemote()) {
                requester.rmtCopy++;
            } else {
                requester.lclCopy++;
            }
        }
        letGo(requester);
        letGo(copy.source);
        letGo(copy.destination);
        dc.end(requester, result);
    }

    /** The copy with this process is over: what ended meanwhile is told now. */
    void letGo(Proc party) {
        party.rts &= ~ProcessFlags.ONCOPY;
        if (party.deferred) {
            dc.toTell(party);
        }
    }

    /** A process ends: so does the copy that it is part of. */
    void partyGone(Proc gone) {
        if (!gone.has(ProcessFlags.ONCOPY)) {
            return;
        }
        for (Proc proc : dc.all()) {
            Copy copy = proc.copy;
            if (copy != null && copy.source != null && (copy.source == gone || copy.destination == gone || proc == gone)) {
                ErrorCode code = proc == gone ? ErrorCode.NOTBIND : copy.source == gone ? ErrorCode.SRCDIED : ErrorCode.DSTDIED;
                fail(copy, code.rcode());
            }
        }
        letGo(gone);
    }

    // ---- for other nodes

    /** Puts bytes that another node sent into a process of this one, then answers. Under the lock. */
    int serveCopyIn(Command command, int ackCode, int ackNode) {
        Proc to = dc.slot(command.copyDestination);
        int result = servable(to, command.copyDestination, ErrorCode.DSTDIED);
        if (result == OK && (command.payload == null || command.payload.remaining() != command.bytes)) {
            result = ErrorCode.PACKSIZE.rcode();
        }
        if (result != OK) {
            return result;
        }
        Command ack = ack(command, ackCode, ackNode);
        to.rts |= ProcessFlags.ONCOPY;
        dc.afterwards(() -> to.host.programMemory().write(command.destinationAddress, command.payload,
                written -> served(to, ack, died(to, written, ErrorCode.DSTDIED), null)));
        return OK;
    }

    /** Reads bytes of a process of this node for another, and sends them: to the requester, or to the destination's node. */
    int serveCopyOut(Command command, int ackCode, int ackNode) {
        Proc from = dc.slot(command.copySource);
        int result = servable(from, command.copySource, ErrorCode.SRCDIED);
        if (result == OK) {
            result = dc.sending.check(ackNode, true);
        }
        if (result == OK && command.bytes > dc.site.node(ackNode).pair.maxBytes()) {
            result = ErrorCode.TOOBIG.rcode();
        }
        if (result != OK) {
            return result;
        }
        Command ack = ack(command, ackCode, ackNode);
        if (ackCode == Command.COPYIN_RQST) {
            ack.destination = command.copyDestination;
        }
        from.rts |= ProcessFlags.ONCOPY;
        dc.afterwards(() -> from.host.programMemory().read(ack.sourceAddress, ack.bytes,
                (read, data) -> served(from, ack, died(from, read, ErrorCode.SRCDIED), data)));
        return OK;
    }

    /** Copies between two processes of this node for a requester elsewhere. */
    int serveCopyLocal(Command command) {
        Proc from = dc.slot(command.copySource);
        Proc to = dc.slot(command.copyDestination);
        int result = servable(from, command.copySource, ErrorCode.SRCDIED);
        if (result == OK) {
            result = servable(to, command.copyDestination, ErrorCode.DSTDIED);
        }
        if (result == OK && samePid(from, to)) {
            result = ErrorCode.PERM.rcode();
        }
        if (result != OK) {
            return result;
        }
        Command ack = ack(command, Command.COPYLCL_ACK, command.sourceNode);
        from.rts |= ProcessFlags.ONCOPY;
        to.rts |= ProcessFlags.ONCOPY;
        dc.afterwards(() -> from.host.programMemory().read(ack.sourceAddress, ack.bytes, (read, data) -> {
            if (read != OK) {
                servedBoth(from, to, ack, read);
            } else {
                to.host.programMemory().write(ack.destinationAddress, data, written -> servedBoth(from, to, ack, written));
            }
        }));
        return OK;
    }

    private int servable(Proc party, int endpoint, ErrorCode free) {
        if (party == null) {
            return free.rcode();
        }
        if (party.endpoint != endpoint) {
            return ErrorCode.ENDPOINT.rcode();
        }
        if (party.isRemote()) {
            return ErrorCode.RMTPROC.rcode();
        }
        if (party.isMigrating()) {
            return ErrorCode.BUSY.rcode();
        }
        return still(party);
    }

    private static Command ack(Command command, int code, int node) {
        Command ack = new Command().set(command);
        ack.code = code;
        ack.source = command.destination;
        ack.destination = command.copyRequester;
        ack.destinationNode = node;
        ack.payload = null;
        ack.rcode = OK;
        return ack;
    }

    /** Why memory could not be reached: its process has ended. */
    private static int died(Proc party, int result, ErrorCode died) {
        return result != OK && party.dead ? died.rcode() : result;
    }

    private void served(Proc party, Command ack, int result, ByteBuffer data) {
        dc.enter();
        try {
            letGo(party);
            ack.rcode = result;
            ack.payload = result == OK && data != null ? copyOf(data) : null;
            if (result != OK && ack.code == Command.COPYIN_RQST) {
                // The destination's node is not troubled: the requester hears it from here.
                ack.code = Command.COPYRMT_ACK;
                ack.destination = ack.copyRequester;
                ack.destinationNode = ack.requesterNode;
            }
            dc.sending.answer(ack);
        } finally {
            dc.leave();
        }
    }

    /** The program is let go before a proxy has sent its bytes, and may change them. */
    private static ByteBuffer copyOf(ByteBuffer data) {
        return ByteBuffer.allocateDirect(data.remaining()).put(data).flip();
    }

    private void servedBoth(Proc from, Proc to, Command ack, int result) {
        dc.enter();
        try {
            letGo(to);
        } finally {
            dc.leave();
        }
        served(from, ack, died(from, died(to, result, ErrorCode.DSTDIED), ErrorCode.SRCDIED), null);
    }
}
