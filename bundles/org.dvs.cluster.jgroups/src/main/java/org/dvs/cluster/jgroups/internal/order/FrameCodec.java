package org.dvs.cluster.jgroups.internal.order;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Frames as bytes. Big-endian; every count and length is checked against its limit before anything is allocated.
 * <pre>
 *  0       2         3      4
 * +-------+---------+------+-----------------------------------+
 * | magic | version | type | fields of the type                |
 * +-------+---------+------+-----------------------------------+
 * peer   := id:u32 incarnation:u64          epoch := number:u64 peer       position := epoch index:u64
 * text   := length:u8 UTF-8                 bytes := length:u32 octets     optional := 0 | 1 value
 * seat   := peer text group:i32             message := number:u64 cut:u64 text bytes
 * </pre>
 */
public final class FrameCodec {
    /** Longest payload of a message, bytes; that of the API's channel. */
    public static final int MAX_PAYLOAD = 1024 * 1024;
    /** Longest name of a channel or node, bytes of UTF-8. */
    public static final int MAX_NAME = 128;
    /** Most entries of a history. */
    public static final int MAX_ENTRIES = 16_384;
    /** Most members of a view. */
    public static final int MAX_SEATS = 1_024;

    private static final short MAGIC = (short) 0xD750;
    private static final byte VERSION = 1;

    private static final byte FORWARD = 1;
    private static final byte SEQUENCED = 2;
    private static final byte ACK = 3;
    private static final byte STABLE = 4;
    private static final byte MISSING = 5;
    private static final byte FLUSH = 6;
    private static final byte SYNC = 7;
    private static final byte DIRECT = 8;
    private static final byte CREDIT = 9;

    private FrameCodec() {
    }

    public static byte[] encode(Frame frame) {
        Writer to = new Writer(sizeHint(frame));
        to.u16(MAGIC);
        to.u8(VERSION);
        if (frame instanceof Frame.Forward f) {
            to.u8(FORWARD);
            to.epoch(f.epoch());
            to.u64(f.oldest());
            to.message(f.number(), f.cut(), f.channel(), f.payload());
        } else if (frame instanceof Frame.Sequenced f) {
            to.u8(SEQUENCED);
            to.epoch(f.epoch());
            to.u64(f.index());
            to.u64(f.stable());
            to.ordered(f.message());
        } else if (frame instanceof Frame.Ack f) {
            to.u8(ACK);
            to.epoch(f.epoch());
            to.u64(f.index());
        } else if (frame instanceof Frame.Stable f) {
            to.u8(STABLE);
            to.epoch(f.epoch());
            to.u64(f.index());
        } else if (frame instanceof Frame.Missing f) {
            to.u8(MISSING);
            to.epoch(f.epoch());
            to.u64(f.index());
        } else if (frame instanceof Frame.Flush f) {
            to.u8(FLUSH);
            to.epoch(f.target());
            to.position(f.at());
            to.position(f.base());
            to.entries(f.history());
            to.causes(f.causes());
        } else if (frame instanceof Frame.Sync f) {
            to.u8(SYNC);
            to.entries(f.missing());
            to.mark(f.mark());
        } else if (frame instanceof Frame.Direct f) {
            to.u8(DIRECT);
            to.epoch(f.epoch());
            to.message(0, f.cut(), f.channel(), f.payload());
        } else {
            to.u8(CREDIT);
            to.u32(((Frame.Credit) frame).bytes());
        }
        return to.done();
    }

    /**
     * @throws BadFrameException when the bytes are cut off, too long, of another protocol or version, or out of range
     */
    public static Frame decode(byte[] bytes, int offset, int length) throws BadFrameException {
        Reader from = new Reader(ByteBuffer.wrap(bytes, offset, length).slice());
        if (from.u16("magic") != (MAGIC & 0xFFFF)) {
            throw new BadFrameException("wrong magic");
        }
        int version = from.u8("version");
        if (version != VERSION) {
            throw new BadFrameException("version " + version + ", not " + VERSION);
        }
        Frame frame = body(from.u8("type"), from);
        from.end();
        return frame;
    }

    private static Frame body(int type, Reader from) throws BadFrameException {
        return switch (type) {
            case FORWARD -> new Frame.Forward(from.epoch(), from.u64("oldest"), from.u64("number"), from.u64("cut"),
                    from.text("channel"), from.payload());
            case SEQUENCED -> new Frame.Sequenced(from.epoch(), from.u64("index"), from.u64("stable"), from.ordered());
            case ACK -> new Frame.Ack(from.epoch(), from.u64("index"));
            case STABLE -> new Frame.Stable(from.epoch(), from.u64("index"));
            case MISSING -> new Frame.Missing(from.epoch(), from.u64("index"));
            case FLUSH -> new Frame.Flush(from.epoch(), from.position(), from.position(), from.entries(), from.causes());
            case SYNC -> new Frame.Sync(from.entries(), from.mark());
            case DIRECT -> {
                Epoch epoch = from.epoch();
                from.u64("number");
                yield new Frame.Direct(epoch, from.u64("cut"), from.text("channel"), from.payload());
            }
            case CREDIT -> new Frame.Credit(from.bounded("credit", Integer.MAX_VALUE));
            default -> throw new BadFrameException("unknown type " + type);
        };
    }

    private static int sizeHint(Frame frame) {
        if (frame instanceof Frame.Forward f) {
            return 192 + f.payload().length;
        }
        if (frame instanceof Frame.Sequenced f) {
            return 224 + f.message().payload().length;
        }
        if (frame instanceof Frame.Direct f) {
            return 192 + f.payload().length;
        }
        return 256;
    }

    /** Bytes that grow. */
    private static final class Writer {
        private ByteBuffer buffer;

        Writer(int size) {
            buffer = ByteBuffer.allocate(size);
        }

        private ByteBuffer room(int bytes) {
            if (buffer.remaining() < bytes) {
                ByteBuffer larger = ByteBuffer.allocate(Math.max(buffer.capacity() * 2, buffer.position() + bytes));
                larger.put(buffer.flip());
                buffer = larger;
            }
            return buffer;
        }

        void u8(int value) {
            room(1).put((byte) value);
        }

        void u16(int value) {
            room(2).putShort((short) value);
        }

        void u32(int value) {
            room(4).putInt(value);
        }

        void u64(long value) {
            room(8).putLong(value);
        }

        void text(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            if (bytes.length > MAX_NAME) {
                throw new IllegalArgumentException("name of " + bytes.length + " bytes, at most " + MAX_NAME);
            }
            u8(bytes.length);
            room(bytes.length).put(bytes);
        }

        void peer(Peer peer) {
            u32(peer.id());
            u64(peer.incarnation());
        }

        void epoch(Epoch epoch) {
            u64(epoch.number());
            peer(epoch.founder());
        }

        void position(Optional<Position> position) {
            u8(position.isPresent() ? 1 : 0);
            position.ifPresent(at -> {
                epoch(at.epoch());
                u64(at.index());
            });
        }

        void message(long number, long cut, String channel, byte[] payload) {
            u64(number);
            u64(cut);
            text(channel);
            u32(payload.length);
            room(payload.length).put(payload);
        }

        void ordered(Ordered message) {
            peer(message.origin());
            message(message.number(), message.cut(), message.channel(), message.payload());
        }

        void entries(List<Entry> entries) {
            u32(entries.size());
            for (Entry entry : entries) {
                if (entry instanceof Entry.Message message) {
                    u8(0);
                    position(Optional.of(message.at()));
                    ordered(message.message());
                } else {
                    u8(1);
                    mark(((Entry.View) entry).mark());
                }
            }
        }

        void mark(Mark mark) {
            epoch(mark.epoch());
            u32(mark.seats().size());
            for (Seat seat : mark.seats()) {
                peer(seat.peer());
                text(seat.name());
                u32(seat.group());
            }
            causes(mark.causes());
        }

        void causes(Map<Peer, Cause> causes) {
            u32(causes.size());
            causes.forEach((peer, cause) -> {
                peer(peer);
                u8(cause.ordinal());
            });
        }

        byte[] done() {
            byte[] bytes = new byte[buffer.position()];
            buffer.flip().get(bytes);
            return bytes;
        }
    }

    /** Bytes that are not trusted. */
    private static final class Reader {
        private final ByteBuffer buffer;

        Reader(ByteBuffer buffer) {
            this.buffer = buffer;
        }

        private ByteBuffer need(int bytes, String field) throws BadFrameException {
            if (buffer.remaining() < bytes) {
                throw new BadFrameException("cut off in " + field);
            }
            return buffer;
        }

        int u8(String field) throws BadFrameException {
            return need(1, field).get() & 0xFF;
        }

        int u16(String field) throws BadFrameException {
            return need(2, field).getShort() & 0xFFFF;
        }

        long u64(String field) throws BadFrameException {
            return need(8, field).getLong();
        }

        int bounded(String field, int max) throws BadFrameException {
            int value = need(4, field).getInt();
            if (value < 0 || value > max) {
                throw new BadFrameException(field + " " + Integer.toUnsignedString(value) + ", at most " + max);
            }
            return value;
        }

        boolean flag(String field) throws BadFrameException {
            int value = u8(field);
            if (value > 1) {
                throw new BadFrameException(field + " " + value + ", not 0 or 1");
            }
            return value == 1;
        }

        String text(String field) throws BadFrameException {
            int length = u8(field);
            if (length > MAX_NAME) {
                throw new BadFrameException(field + " of " + length + " bytes, at most " + MAX_NAME);
            }
            byte[] bytes = new byte[length];
            need(length, field).get(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }

        byte[] payload() throws BadFrameException {
            int length = bounded("payload", MAX_PAYLOAD);
            need(length, "payload");
            byte[] bytes = new byte[length];
            buffer.get(bytes);
            return bytes;
        }

        Peer peer() throws BadFrameException {
            return new Peer(bounded("node id", Integer.MAX_VALUE), u64("incarnation"));
        }

        Epoch epoch() throws BadFrameException {
            return new Epoch(u64("epoch"), peer());
        }

        Optional<Position> position() throws BadFrameException {
            return flag("position") ? Optional.of(new Position(epoch(), u64("index"))) : Optional.empty();
        }

        Ordered ordered() throws BadFrameException {
            return new Ordered(peer(), u64("number"), u64("cut"), text("channel"), payload());
        }

        List<Entry> entries() throws BadFrameException {
            int count = bounded("entries", MAX_ENTRIES);
            List<Entry> entries = new ArrayList<>(Math.min(count, 256));
            for (int i = 0; i < count; i++) {
                if (flag("entry")) {
                    entries.add(new Entry.View(mark()));
                } else {
                    Position at = position().orElseThrow(() -> new BadFrameException("entry without position"));
                    entries.add(new Entry.Message(at, ordered()));
                }
            }
            return entries;
        }

        Mark mark() throws BadFrameException {
            Epoch epoch = epoch();
            int count = bounded("members", MAX_SEATS);
            if (count == 0) {
                throw new BadFrameException("a view without members");
            }
            List<Seat> seats = new ArrayList<>(Math.min(count, 64));
            for (int i = 0; i < count; i++) {
                seats.add(new Seat(peer(), text("name"), group()));
            }
            return new Mark(epoch, seats, causes());
        }

        int group() throws BadFrameException {
            int group = need(4, "group").getInt();
            if (group < Seat.NEW || group >= MAX_SEATS) {
                throw new BadFrameException("group " + group);
            }
            return group;
        }

        Map<Peer, Cause> causes() throws BadFrameException {
            int count = bounded("causes", MAX_SEATS);
            Map<Peer, Cause> causes = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                Peer peer = peer();
                int ordinal = u8("cause");
                if (ordinal >= Cause.values().length) {
                    throw new BadFrameException("unknown cause " + ordinal);
                }
                causes.put(peer, Cause.values()[ordinal]);
            }
            return causes;
        }

        void end() throws BadFrameException {
            if (buffer.hasRemaining()) {
                throw new BadFrameException(buffer.remaining() + " bytes too many");
            }
        }
    }
}
