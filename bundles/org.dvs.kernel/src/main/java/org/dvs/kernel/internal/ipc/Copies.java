package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.internal.ipc.Result.BLOCKED;
import static org.dvs.kernel.internal.ipc.Result.OK;

import java.nio.ByteBuffer;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.ProcessFlags;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * vcopy: bytes from one program's memory to another's, in chunks. Memory is touched without the lock; ONCOPY keeps the parties
 * still meanwhile, also those of a copy that another thread has ended. The cases by place of source and destination, and who
 * sends what, as in the table of dvs-kernel reference 13; several chunks of a copy are under way at a time, other than there.
 * What other nodes ask for is with {@link ServedCopies}.
 */
final class Copies {
    private static final Logger LOG = LoggerFactory.getLogger(Copies.class);
    /** A remote chunk, or memory outside the container, must answer within this time. */
    static final long CHUNK_MS = 30_000;

    private final Container dc;
    private final CopyRules rules;

    Copies(Container dc) {
        this.dc = dc;
        rules = new CopyRules(dc);
    }

    // ---- beginning, under the lock

    int begin(Proc caller) {
        Copy copy = caller.copy;
        int result = rules.check(caller, copy);
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
        copy.chunk = rules.chunk(copy);
        copy.whole = isOfContainer(copy.source) && isOfContainer(copy.destination);
        copy.touching = copy.whole ? 1 : 0;
        caller.rts |= ProcessFlags.ONCOPY;
        copy.source.rts |= ProcessFlags.ONCOPY;
        copy.destination.rts |= ProcessFlags.ONCOPY;
        copy.copies = this;
        dc.afterwards(copy);
        return BLOCKED;
    }

    private static boolean isOfContainer(Proc party) {
        return !party.isRemote() && party.host.programMemory() instanceof LocalMemory;
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

    // ---- going on, without the lock

    /** The first step of a copy. */
    void first(Copy copy) {
        if (copy.whole) {
            whole(copy);
        } else {
            step(copy);
        }
    }

    /** Begins the next chunks, as many as may be under way; called by whoever ended one. */
    void step(Copy copy) {
        if (copy.steps.getAndIncrement() > 0) {
            return;
        }
        do {
            for (Chunk next = next(copy); next != null; next = next(copy)) {
                begin(next);
            }
        } while (copy.steps.decrementAndGet() > 0);
    }

    private Chunk next(Copy copy) {
        dc.enter();
        try {
            return copy.next();
        } finally {
            dc.leave();
        }
    }

    private void begin(Chunk chunk) {
        Copy copy = chunk.copy;
        try {
            if (!copy.source.isRemote()) {
                deadline(copy);
                copy.source.host.programMemory().read(chunk.from(), chunk.length, (result, data) -> taken(chunk, result, data));
            } else if (!copy.destination.isRemote()) {
                send(chunk, copy.source, Command.COPYOUT_RQST, null);
            } else if (copy.source.node == copy.destination.node) {
                send(chunk, copy.source, Command.COPYLCL_RQST, null);
            } else {
                send(chunk, copy.source, Command.COPYRMT_RQST, null);
            }
        } catch (RuntimeException | Error e) {
            finish(chunk, broken(copy, chunk.offset, e), null);
        }
    }

    /** The source has given a chunk's bytes, or an error. */
    private void taken(Chunk chunk, int result, ByteBuffer data) {
        Copy copy = chunk.copy;
        if (result != OK) {
            finish(chunk, result, copy.source);
        } else if (copy.destination.isRemote()) {
            send(chunk, copy.destination, Command.COPYIN_DATA, data);
        } else {
            put(chunk, data);
        }
    }

    /** Gives a chunk's bytes to the destination, which is held still until it has them, or has been asked to take them. */
    private void put(Chunk chunk, ByteBuffer data) {
        Copy copy = chunk.copy;
        if (!touches(copy)) {
            return;
        }
        try {
            copy.destination.host.programMemory().write(chunk.to(), data, written -> chunkDone(chunk, written));
        } catch (RuntimeException | Error e) {
            finish(chunk, broken(copy, chunk.offset, e), null);
        } finally {
            touched(copy);
        }
    }

    /** Copies all at once where both parties are in the container. */
    private void whole(Copy copy) {
        LocalMemory source = (LocalMemory) copy.source.host.programMemory();
        LocalMemory destination = (LocalMemory) copy.destination.host.programMemory();
        int at = 0;
        int length = 0;
        int result = OK;
        try {
            while (at < copy.bytes && !copy.finished) {
                length = Math.min(copy.chunk, copy.bytes - at);
                result = LocalMemory.copy(source, copy.sourceAddress + at, destination, copy.destinationAddress + at, length);
                if (result != OK) {
                    break;
                }
                at += length;
                copy.copied = at;
            }
        } catch (RuntimeException | Error e) {
            result = broken(copy, at, e);
        }
        dc.enter();
        try {
            touched(copy);
            if (result == OK) {
                end(copy, copy.bytes);
            } else {
                boolean read = source.at(copy.sourceAddress + at, length) != null;
                finish(new Chunk(copy, at, length), result, read ? copy.destination : copy.source);
            }
        } finally {
            dc.leave();
        }
    }

    /** A thread is to touch memory of a party. @return false if it must not, as the copy has ended: the program may go on */
    private boolean touches(Copy copy) {
        dc.enter();
        try {
            if (!copy.finished) {
                copy.touching++;
            }
            return !copy.finished;
        } finally {
            dc.leave();
        }
    }

    /** It has done so. */
    private void touched(Copy copy) {
        dc.enter();
        try {
            if (--copy.touching == 0 && copy.finished) {
                letGo(copy);
            }
        } finally {
            dc.leave();
        }
    }

    /** A defect where memory is touched, which must keep nobody still for ever. @return its number */
    private static int broken(Copy copy, int offset, Throwable why) {
        LOG.error("A copy from {} to {} failed at byte {}", copy.source, copy.destination, offset, why);
        return ErrorCode.GENERIC.rcode();
    }

    private void send(Chunk chunk, Proc to, int code, ByteBuffer data) {
        Copy copy = chunk.copy;
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
                command.sourceAddress = chunk.from();
                command.destinationAddress = chunk.to();
                command.bytes = chunk.length;
                command.payload = data;
                deadline(copy);
                result = dc.sending.queue(chunk, outbound);
            }
            if (result != OK) {
                lost(copy, result);
            }
        } finally {
            dc.leave();
        }
    }

    /** Has it end if nothing of it arrives for {@link #CHUNK_MS}, which is noticed after twice that time at the latest. */
    private void deadline(Copy copy) {
        dc.enter();
        try {
            if (copy.cancelDeadline == null && !copy.finished) {
                int copied = copy.copied;
                copy.cancelDeadline = dc.site.after(CHUNK_MS, () -> overdue(copy, copied));
            }
        } finally {
            dc.leave();
        }
    }

    private void overdue(Copy copy, int copiedBefore) {
        dc.enter();
        try {
            copy.cancelDeadline = null;
            if (copy.copied == copiedBefore) {
                copy.failed = copy.finished ? null : copy.oldest();
                dc.expire(copy.requester, copy.serial, ErrorCode.TIMEDOUT.rcode());
            } else {
                deadline(copy);
            }
        } finally {
            dc.leave();
        }
    }

    /** The sender proxy has taken a chunk's command. Under the lock. @return false if the copy has ended over it */
    boolean departs(Chunk chunk, int nodeId) {
        Copy copy = chunk.copy;
        int result = dc.sending.check(nodeId, true);
        if (result != OK) {
            lost(copy, result);
            return false;
        }
        copy.departs(chunk);
        if (copy.outbound() == null) {
            copy.requester.rts &= ~ProcessFlags.RMTOPER;
        }
        return true;
    }

    /** A node that it concerns cannot be reached. Under the lock. @param result for a copy of which no bytes can have arrived */
    void lost(Copy copy, int result) {
        end(copy, copy.mayHaveArrived() ? ErrorCode.UNKNOWNOUTCOME.rcode() : result);
    }

    /** An answer about a chunk under way. @return 0, or the EDVS number of an answer that nobody waits for */
    int answered(Proc requester, Command command) {
        Copy copy = requester.copy;
        Chunk chunk = copy == null || copy.finished || command.call != requester.serial ? null : copy.answered(command);
        if (chunk == null) {
            return ErrorCode.ACKWAIT.rcode();
        }
        if (command.rcode < 0) {
            finish(chunk, Result.ofAnotherNode(command.rcode), command.code == Command.COPYOUT_DATA ? copy.source
                    : command.code == Command.COPYIN_ACK ? copy.destination : null);
        } else if (command.code == Command.COPYOUT_DATA) {
            if (command.payload == null || command.payload.remaining() != chunk.length) {
                finish(chunk, ErrorCode.PACKSIZE.rcode(), copy.source);
            } else {
                dc.afterwards(() -> put(chunk, command.payload));
            }
        } else {
            dc.afterwards(() -> chunkDone(chunk, OK));
        }
        return OK;
    }

    private void chunkDone(Chunk chunk, int result) {
        Copy copy = chunk.copy;
        dc.enter();
        try {
            if (copy.finished) {
                return;
            }
            if (result != OK) {
                finish(chunk, result, copy.destination);
                return;
            }
            if (copy.arrived(chunk)) {
                end(copy, copy.bytes);
                return;
            }
        } finally {
            dc.leave();
        }
        step(copy);
    }

    // ---- the end

    /** @param at whose memory it failed at, if that is known; else null */
    private void finish(Chunk chunk, int result, Proc at) {
        Copy copy = chunk.copy;
        dc.enter();
        try {
            if (!copy.finished) {
                copy.failed = chunk;
                copy.failedAt = at;
                end(copy, result);
            }
        } finally {
            dc.leave();
        }
    }

    /**
     * Ends a copy, well or not; what is still under way of it comes too late. Its parties, and the word of its end, wait for
     * whoever touches their memory just now. Under the lock.
     */
    void end(Copy copy, int result) {
        if (copy.finished) {
            return;
        }
        copy.finished = true;
        Proc requester = copy.requester;
        if (copy.cancelDeadline != null) {
            copy.cancelDeadline.run();
        }
        for (Outbound left = copy.outbound(); left != null; left = copy.outbound()) {
            dc.sending.cancel(left);
        }
        requester.rts &= ~ProcessFlags.RMTOPER;
        requester.copy = null;
        requester.failedCopy = result < 0 ? copy : null;
        if (result >= 0 && requester == copy.source) {
            if (copy.destination.isRemote()) {
                requester.rmtCopy++;
            } else {
                requester.lclCopy++;
            }
        }
        if (copy.touching == 0) {
            letGo(copy);
        }
        dc.end(requester, result);
    }

    private void letGo(Copy copy) {
        letGo(copy.requester);
        letGo(copy.source);
        letGo(copy.destination);
    }

    /** The copy with this process is over: what ended meanwhile is told now. */
    void letGo(Proc party) {
        party.served = null;
        party.rts &= ~ProcessFlags.ONCOPY;
        if (party.deferred) {
            dc.toTell(party);
        }
        dc.migrations.settle(party);
    }

    /** A process ends: so does the copy that it is part of. */
    void partyGone(Proc gone) {
        if (!gone.has(ProcessFlags.ONCOPY)) {
            return;
        }
        for (Proc proc : dc.slots.all()) {
            Copy copy = proc.copy;
            if (copy != null && copy.source != null && (copy.source == gone || copy.destination == gone || proc == gone)) {
                ErrorCode code = proc == gone ? ErrorCode.NOTBIND : copy.source == gone ? ErrorCode.SRCDIED : ErrorCode.DSTDIED;
                end(copy, code.rcode());
            }
        }
        letGo(gone);
    }
}
