package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.internal.ipc.Result.OK;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.ProcessFlags;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chunks of copies that other nodes ask for: memory of this node's processes is read, written, or copied for them. Under the
 * lock of the DC, but for the memory itself.
 *
 * <p>Source: dvs-kernel reference 13.
 */
final class ServedCopies {
    private static final Logger LOG = LoggerFactory.getLogger(ServedCopies.class);
    /**
     * Chunks that one process may have asked for and not been sent: its copy's, and those that are left of one before. The asking
     * node keeps to its window, but if it did not, the bytes would wait here in any number.
     */
    private static final int MAX_UNSENT = 2 * Copy.WINDOW;

    private final Container dc;
    /** How many such chunks there are, by who asks for them. */
    private final Map<Long, Integer> unsent = new HashMap<>();
    private final SpareBuffers spares = new SpareBuffers();

    ServedCopies(Container dc) {
        this.dc = dc;
    }

    /** Which copy a process is held still for; several chunks of it may be under way. */
    static final class Hold {
        private final int requester;
        private final int node;
        private final int call;
        private int chunks;

        Hold(Command command) {
            requester = command.copyRequester;
            node = command.requesterNode;
            call = command.call;
        }

        boolean isOf(Command command) {
            return requester == command.copyRequester && node == command.requesterNode && call == command.call;
        }
    }

    /** A chunk that is served, whose parties are held still for it. It ends once, whatever a memory that fails says besides. */
    private static final class Part {
        private final Command ack;
        /** Null where its bytes came with it. */
        private final Proc from;
        private final Hold source;
        /** Null where its bytes go to another node. */
        private final Proc to;
        private final Hold destination;
        private boolean over;

        Part(Command command, Command ack, Proc from, Proc to) {
            this.ack = ack;
            this.from = from;
            this.to = to;
            source = from == null ? null : hold(from, command);
            destination = to == null ? null : hold(to, command);
        }
    }

    private static Hold hold(Proc party, Command command) {
        if (party.served == null) {
            party.served = new Hold(command);
            party.rts |= ProcessFlags.ONCOPY;
        }
        party.served.chunks++;
        return party.served;
    }

    /** A chunk is over for one of its parties, if it has that one. */
    private void letGo(Proc party, Hold hold) {
        if (party != null && --hold.chunks == 0 && party.served == hold) {
            dc.copies.letGo(party);
        }
    }

    /** A chunk is over. @return false if it was already */
    private boolean ends(Part part) {
        if (part.over) {
            return false;
        }
        part.over = true;
        letGo(part.to, part.destination);
        letGo(part.from, part.source);
        return true;
    }

    /** Puts bytes that another node sent into a process of this one, then answers. Under the lock. */
    int serveCopyIn(Command command, int ackCode, int ackNode) {
        Proc to = dc.slots.of(command.copyDestination);
        int result = servable(to, command.copyDestination, command, ErrorCode.DSTDIED);
        if (result == OK && (command.payload == null || command.payload.remaining() != command.bytes)) {
            result = ErrorCode.PACKSIZE.rcode();
        }
        if (result != OK) {
            return result;
        }
        Part part = new Part(command, ack(command, ackCode, ackNode), null, to);
        ByteBuffer data = command.payload;
        dc.afterwards(() -> write(part, data));
        return OK;
    }

    /** Reads bytes of a process of this node for another, and sends them: to the requester, or to the destination's node. */
    int serveCopyOut(Command command, int ackCode, int ackNode) {
        Proc from = dc.slots.of(command.copySource);
        int result = servable(from, command.copySource, command, ErrorCode.SRCDIED);
        if (result == OK) {
            result = dc.sending.check(ackNode, true);
        }
        if (result == OK && command.bytes > dc.site.node(ackNode).pair.maxBytes()) {
            result = ErrorCode.TOOBIG.rcode();
        }
        long asker = asker(command);
        if (result == OK && unsent.getOrDefault(asker, 0) == MAX_UNSENT) {
            result = ErrorCode.BUSY.rcode();
        }
        if (result != OK) {
            return result;
        }
        Command ack = ack(command, ackCode, ackNode);
        if (ackCode == Command.COPYIN_RQST) {
            ack.destination = command.copyDestination;
        }
        unsent.merge(asker, 1, Integer::sum);
        Part part = new Part(command, ack, from, null);
        dc.afterwards(() -> read(part, (read, data) -> served(part, asker, read, data)));
        return OK;
    }

    /** Who asks, as it is bound here; for whom it says that it does, the other node could invent. */
    private static long asker(Command command) {
        return (long) command.sourceNode << Integer.SIZE | command.source & 0xFFFF_FFFFL;
    }

    /** A chunk's bytes have been taken by a proxy, or never will. Under the lock. */
    private void sent(long asker) {
        unsent.computeIfPresent(asker, (key, count) -> count == 1 ? null : count - 1);
    }

    /** Copies between two processes of this node for a requester elsewhere. */
    int serveCopyLocal(Command command) {
        Proc from = dc.slots.of(command.copySource);
        Proc to = dc.slots.of(command.copyDestination);
        int result = servable(from, command.copySource, command, ErrorCode.SRCDIED);
        if (result == OK) {
            result = servable(to, command.copyDestination, command, ErrorCode.DSTDIED);
        }
        if (result == OK && CopyRules.samePid(from, to)) {
            result = ErrorCode.PERM.rcode();
        }
        if (result != OK) {
            return result;
        }
        Part part = new Part(command, ack(command, Command.COPYLCL_ACK, command.sourceNode), from, to);
        dc.afterwards(() -> read(part, (read, data) -> {
            if (read != OK) {
                ended(part, read);
            } else {
                write(part, data);
            }
        }));
        return OK;
    }

    private static int servable(Proc party, int endpoint, Command command, ErrorCode free) {
        if (party == null) {
            return free.rcode();
        }
        if (party.endpoint != endpoint) {
            return ErrorCode.ENDPOINT.rcode();
        }
        if (party.isRemote()) {
            return ErrorCode.RMTPROC.rcode();
        }
        if (command.bytes > party.host.programMemory().maxBytes()) {
            return ErrorCode.TOOBIG.rcode();
        }
        if (party.isMigrating()) {
            return ErrorCode.BUSY.rcode();
        }
        if (party.has(ProcessFlags.ONCOPY)) {
            return party.served != null && party.served.isOf(command) ? OK : ErrorCode.BUSY.rcode();
        }
        return CopyRules.waits(party);
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

    // ---- the memory, without the lock

    private static void read(Part part, ProgramMemory.Reader reader) {
        try {
            part.from.host.programMemory().read(part.ack.sourceAddress, part.ack.bytes, reader);
        } catch (RuntimeException | Error e) {
            reader.read(broken(part, e), null);
        }
    }

    private void write(Part part, ByteBuffer data) {
        try {
            part.to.host.programMemory().write(part.ack.destinationAddress, data, written -> ended(part, written));
        } catch (RuntimeException | Error e) {
            ended(part, broken(part, e));
        }
    }

    /** A defect where memory is touched, which must keep nobody still for ever. @return its number */
    private static int broken(Part part, Throwable why) {
        LOG.error("A chunk of a copy from endpoint {} to endpoint {}, for node {}, failed", part.ack.copySource,
                part.ack.copyDestination, part.ack.requesterNode, why);
        return ErrorCode.GENERIC.rcode();
    }

    // ---- the end of a chunk

    private void ended(Part part, int result) {
        dc.enter();
        try {
            if (ends(part)) {
                answer(part.ack, died(part.from, died(part.to, result, ErrorCode.DSTDIED), ErrorCode.SRCDIED));
            }
        } finally {
            dc.leave();
        }
    }

    /** Why memory could not be reached: its process has ended. */
    private static int died(Proc party, int result, ErrorCode died) {
        return result != OK && party != null && party.dead ? died.rcode() : result;
    }

    private void served(Part part, long asker, int result, ByteBuffer data) {
        dc.enter();
        try {
            if (!ends(part)) {
                return;
            }
            // The program is let go before a proxy has sent its bytes, and may change them.
            int kept = result == OK ? keep(part, data) : died(part.from, result, ErrorCode.SRCDIED);
            if (kept == OK) {
                dc.sending.answer(part.ack, spares, () -> sent(asker));
            } else {
                sent(asker);
                answer(part.ack, kept);
            }
        } finally {
            dc.leave();
        }
    }

    /** Has the answer carry these bytes. @return 0, or {@code GENERIC} as where there is no memory for them */
    private int keep(Part part, ByteBuffer data) {
        try {
            part.ack.payload = spares.copyOf(data);
            return OK;
        } catch (RuntimeException | Error e) {
            return broken(part, e);
        }
    }

    private void answer(Command ack, int result) {
        ack.rcode = result;
        if (result != OK && ack.code == Command.COPYIN_RQST) {
            // The destination's node is not troubled: the requester hears it from here.
            ack.code = Command.COPYRMT_ACK;
            ack.destination = ack.copyRequester;
            ack.destinationNode = ack.requesterNode;
        }
        dc.sending.answer(ack);
    }
}
