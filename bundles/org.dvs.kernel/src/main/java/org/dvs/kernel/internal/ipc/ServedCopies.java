package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.internal.ipc.Result.OK;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.ProcessFlags;

/**
 * Chunks of copies that other nodes ask for: memory of this node's processes is read, written, or copied for them. Under the
 * lock of the DC, but for the memory itself.
 *
 * <p>Source: dvs-kernel reference 13.
 */
final class ServedCopies {
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

    private static void hold(Proc party, Command command) {
        if (party.served == null) {
            party.served = new Hold(command);
            party.rts |= ProcessFlags.ONCOPY;
        }
        party.served.chunks++;
    }

    /** A chunk is over. @param hold null once the copy was ended otherwise */
    private void letGo(Proc party, Hold hold) {
        if (--hold.chunks == 0 && party.served == hold) {
            dc.copies.letGo(party);
        }
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
        Command ack = ack(command, ackCode, ackNode);
        hold(to, command);
        Hold hold = to.served;
        dc.afterwards(() -> to.host.programMemory().write(command.destinationAddress, command.payload,
                written -> written(to, hold, ack, died(to, written, ErrorCode.DSTDIED))));
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
        if (result == OK && unsent.getOrDefault(asker(command), 0) == MAX_UNSENT) {
            result = ErrorCode.BUSY.rcode();
        }
        if (result != OK) {
            return result;
        }
        Command ack = ack(command, ackCode, ackNode);
        if (ackCode == Command.COPYIN_RQST) {
            ack.destination = command.copyDestination;
        }
        unsent.merge(asker(command), 1, Integer::sum);
        hold(from, command);
        Hold hold = from.served;
        dc.afterwards(() -> from.host.programMemory().read(ack.sourceAddress, ack.bytes,
                (read, data) -> served(from, hold, ack, died(from, read, ErrorCode.SRCDIED), data)));
        return OK;
    }

    private static long asker(Command command) {
        return (long) command.requesterNode << Integer.SIZE | command.copyRequester & 0xFFFF_FFFFL;
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
        Command ack = ack(command, Command.COPYLCL_ACK, command.sourceNode);
        hold(from, command);
        hold(to, command);
        Hold source = from.served;
        Hold destination = to.served;
        dc.afterwards(() -> from.host.programMemory().read(ack.sourceAddress, ack.bytes, (read, data) -> {
            if (read != OK) {
                servedBoth(from, source, to, destination, ack, read);
            } else {
                to.host.programMemory().write(ack.destinationAddress, data,
                        written -> servedBoth(from, source, to, destination, ack, written));
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

    /** Why memory could not be reached: its process has ended. */
    private static int died(Proc party, int result, ErrorCode died) {
        return result != OK && party.dead ? died.rcode() : result;
    }

    private void written(Proc party, Hold hold, Command ack, int result) {
        dc.enter();
        try {
            letGo(party, hold);
            answer(ack, result);
        } finally {
            dc.leave();
        }
    }

    private void served(Proc party, Hold hold, Command ack, int result, ByteBuffer data) {
        long asker = asker(ack);
        dc.enter();
        try {
            letGo(party, hold);
            if (result == OK) {
                // The program is let go before a proxy has sent its bytes, and may change them.
                ack.payload = spares.copyOf(data);
                dc.sending.answer(ack, spares, () -> sent(asker));
            } else {
                sent(asker);
                answer(ack, result);
            }
        } finally {
            dc.leave();
        }
    }

    private void servedBoth(Proc from, Hold source, Proc to, Hold destination, Command ack, int result) {
        dc.enter();
        try {
            letGo(to, destination);
            letGo(from, source);
            answer(ack, died(from, died(to, result, ErrorCode.DSTDIED), ErrorCode.SRCDIED));
        } finally {
            dc.leave();
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
