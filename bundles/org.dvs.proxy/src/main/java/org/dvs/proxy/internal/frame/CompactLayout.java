package org.dvs.proxy.internal.frame;

import java.nio.ByteBuffer;

import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;

/**
 * Commands without data as frames of version {@link FrameLayout#COMPACT} have them: each says what is not as in the one before
 * it, the first one what is not as in an empty command (all 0, but no pid). A message takes some 40 of its 120 bytes so, what
 * acknowledges it 10.
 *
 * <pre>
 *   0      2
 *   +------+----------+--------+-------------+------+--------+------+-----+-----------+------+-----------+-------+------+
 *   | what | where 12 | source | destination | code | result | call | pid | timestamp | type | m. source | union | copy |
 *   +------+----------+--------+-------------+------+--------+------+-----+-----------+------+-----------+-------+------+
 * </pre>
 *
 * {@code what} has a bit for each of these that is there, from the lowest in this order; the union has four, for 8, 8, 8 and 4 of
 * its bytes. Where: DC, source's and destination's node. The message's source is not there if it is the command's. Copy, 40
 * bytes: source, destination, requester, requester's node, copy's node, bytes, source's and destination's address. A timestamp
 * and an address have 8 bytes, all else 4; big-endian but the union, which is as it is.
 */
final class CompactLayout {
    private static final int WHERE = 0x1;
    private static final int SOURCE = 0x2;
    private static final int DESTINATION = 0x4;
    private static final int CODE = 0x8;
    private static final int RCODE = 0x10;
    private static final int CALL = 0x20;
    private static final int PID = 0x40;
    private static final int TIMESTAMP = 0x80;
    private static final int TYPE = 0x100;
    private static final int MESSAGE_SOURCE = 0x200;
    private static final int UNION = 0x400;
    private static final int UNION_END = 0x2000;
    private static final int COPY = 0x4000;
    private static final int ALL = 0x7fff;
    /** Those of 4 bytes, and those of 8. */
    private static final int INTS = SOURCE | DESTINATION | CODE | RCODE | CALL | PID | TYPE | MESSAGE_SOURCE | UNION_END;
    private static final int LONGS = TIMESTAMP | UNION | UNION << 1 | UNION << 2;
    private static final int WHERE_BYTES = 3 * Integer.BYTES;
    private static final int COPY_BYTES = 6 * Integer.BYTES + 2 * Long.BYTES;
    private static final int UNION_AT_END = Message.UNION_BYTES - Integer.BYTES;
    private static final int HEAD = Short.BYTES;
    /** Bytes of a command that has everything. */
    static final int MOST_BYTES = HEAD + bytes(ALL);
    /** Of one that is the same as the one before it. */
    static final int LEAST_BYTES = HEAD;
    private static final Command EMPTY = new Command();

    static {
        EMPTY.pid = EndpointNumbers.NO_PID;
    }

    private CompactLayout() {
    }

    private static int bytes(int what) {
        return Integer.bitCount(what & INTS) * Integer.BYTES + Integer.bitCount(what & LONGS) * Long.BYTES
                + (what & WHERE) * WHERE_BYTES + ((what & COPY) == 0 ? 0 : COPY_BYTES);
    }

    /**
     * @param sendPid whether pids and timestamps go with them
     * @param at      where in {@code out}, which needs {@code count} times {@link #MOST_BYTES} there
     * @return where the bytes end
     */
    static int write(Command[] commands, int count, boolean sendPid, ByteBuffer out, int at) {
        Command before = EMPTY;
        int end = at;
        for (int i = 0; i < count; i++) {
            end = write(commands[i], before, sendPid, out, end);
            before = commands[i];
        }
        return end;
    }

    private static int write(Command from, Command before, boolean sendPid, ByteBuffer out, int at) {
        int what = 0;
        int end = at + HEAD;
        if (from.dcid != before.dcid || from.sourceNode != before.sourceNode || from.destinationNode != before.destinationNode) {
            what = WHERE;
            out.putInt(end, from.dcid).putInt(end + 4, from.sourceNode).putInt(end + 8, from.destinationNode);
            end += WHERE_BYTES;
        }
        if (from.source != before.source) {
            what |= SOURCE;
            out.putInt(end, from.source);
            end += Integer.BYTES;
        }
        if (from.destination != before.destination) {
            what |= DESTINATION;
            out.putInt(end, from.destination);
            end += Integer.BYTES;
        }
        if (from.code != before.code) {
            what |= CODE;
            out.putInt(end, from.code);
            end += Integer.BYTES;
        }
        if (from.rcode != before.rcode) {
            what |= RCODE;
            out.putInt(end, from.rcode);
            end += Integer.BYTES;
        }
        if (from.call != before.call) {
            what |= CALL;
            out.putInt(end, from.call);
            end += Integer.BYTES;
        }
        if (sendPid && from.pid != before.pid) {
            what |= PID;
            out.putInt(end, from.pid);
            end += Integer.BYTES;
        }
        if (sendPid && from.timestamp != before.timestamp) {
            what |= TIMESTAMP;
            out.putLong(end, from.timestamp);
            end += Long.BYTES;
        }
        Message message = from.message;
        Message messageBefore = before.message;
        if (message.type() != messageBefore.type()) {
            what |= TYPE;
            out.putInt(end, message.type());
            end += Integer.BYTES;
        }
        if (message.source() != from.source) {
            what |= MESSAGE_SOURCE;
            out.putInt(end, message.source());
            end += Integer.BYTES;
        }
        for (int word = 0; word < UNION_AT_END; word += Long.BYTES) {
            long value = message.getLong(word);
            if (value != messageBefore.getLong(word)) {
                what |= UNION << word / Long.BYTES;
                out.putLong(end, Long.reverseBytes(value));
                end += Long.BYTES;
            }
        }
        int last = message.getInt(UNION_AT_END);
        if (last != messageBefore.getInt(UNION_AT_END)) {
            what |= UNION_END;
            out.putInt(end, Integer.reverseBytes(last));
            end += Integer.BYTES;
        }
        if (!sameCopy(from, before)) {
            what |= COPY;
            out.putInt(end, from.copySource).putInt(end + 4, from.copyDestination).putInt(end + 8, from.copyRequester)
                    .putInt(end + 12, from.requesterNode).putInt(end + 16, from.copyNode).putInt(end + 20, from.bytes)
                    .putLong(end + 24, from.sourceAddress).putLong(end + 32, from.destinationAddress);
            end += COPY_BYTES;
        }
        out.putShort(at, (short) what);
        return end;
    }

    private static boolean sameCopy(Command one, Command other) {
        return one.copySource == other.copySource && one.copyDestination == other.copyDestination
                && one.copyRequester == other.copyRequester && one.requesterNode == other.requesterNode
                && one.copyNode == other.copyNode && one.bytes == other.bytes && one.sourceAddress == other.sourceAddress
                && one.destinationAddress == other.destinationAddress;
    }

    /** Whether these bytes are so many commands, and nothing else. What does not is not to be read. */
    static boolean fits(ByteBuffer in, int from, int to, int count) {
        int at = from;
        for (int left = count; left > 0; left--) {
            if (to - at < HEAD) {
                return false;
            }
            int what = in.getShort(at);
            if ((what & ~ALL) != 0) {
                return false;
            }
            at += HEAD + bytes(what);
        }
        return at == to;
    }

    /** Before the first of a frame's commands is read into this. */
    static void begin(Command into) {
        into.set(EMPTY);
    }

    /**
     * Reads the next command into that which has the one before it, unchanged.
     *
     * @return where its bytes end
     */
    static int read(ByteBuffer in, int from, Command into) {
        int what = in.getShort(from);
        int at = from + HEAD;
        if ((what & WHERE) != 0) {
            into.dcid = in.getInt(at);
            into.sourceNode = in.getInt(at + 4);
            into.destinationNode = in.getInt(at + 8);
            at += WHERE_BYTES;
        }
        if ((what & SOURCE) != 0) {
            into.source = in.getInt(at);
            at += Integer.BYTES;
        }
        if ((what & DESTINATION) != 0) {
            into.destination = in.getInt(at);
            at += Integer.BYTES;
        }
        if ((what & CODE) != 0) {
            into.code = in.getInt(at);
            at += Integer.BYTES;
        }
        if ((what & RCODE) != 0) {
            into.rcode = in.getInt(at);
            at += Integer.BYTES;
        }
        if ((what & CALL) != 0) {
            into.call = in.getInt(at);
            at += Integer.BYTES;
        }
        if ((what & PID) != 0) {
            into.pid = in.getInt(at);
            at += Integer.BYTES;
        }
        if ((what & TIMESTAMP) != 0) {
            into.timestamp = in.getLong(at);
            at += Long.BYTES;
        }
        return readRest(in, at, what, into);
    }

    /** Message and copy. */
    private static int readRest(ByteBuffer in, int from, int what, Command into) {
        int at = from;
        Message message = into.message;
        if ((what & TYPE) != 0) {
            message.type(in.getInt(at));
            at += Integer.BYTES;
        }
        int source = into.source;
        if ((what & MESSAGE_SOURCE) != 0) {
            source = in.getInt(at);
            at += Integer.BYTES;
        }
        message.source(source);
        for (int word = 0; word < UNION_AT_END; word += Long.BYTES) {
            if ((what & UNION << word / Long.BYTES) != 0) {
                message.putLong(word, Long.reverseBytes(in.getLong(at)));
                at += Long.BYTES;
            }
        }
        if ((what & UNION_END) != 0) {
            message.putInt(UNION_AT_END, Integer.reverseBytes(in.getInt(at)));
            at += Integer.BYTES;
        }
        if ((what & COPY) != 0) {
            into.copySource = in.getInt(at);
            into.copyDestination = in.getInt(at + 4);
            into.copyRequester = in.getInt(at + 8);
            into.requesterNode = in.getInt(at + 12);
            into.copyNode = in.getInt(at + 16);
            into.bytes = in.getInt(at + 20);
            into.sourceAddress = in.getLong(at + 24);
            into.destinationAddress = in.getLong(at + 32);
            at += COPY_BYTES;
        }
        return at;
    }
}
