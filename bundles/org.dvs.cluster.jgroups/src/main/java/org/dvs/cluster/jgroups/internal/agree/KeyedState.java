package org.dvs.cluster.jgroups.internal.agree;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.Change;

/**
 * The agreed map and the rules by which commands change it. Deterministic: the same commands in the same order give the same
 * map, the same outcomes and the same snapshot on all nodes, whatever bytes they are. One thread; {@link #contents} is immutable.
 */
final class KeyedState {
    private static final long MAGIC = 0x44565320_73746131L;
    private static final int OVERHEAD = Long.BYTES + Integer.BYTES + Short.BYTES;

    /** @param version of the change that wrote it */
    record Value(byte[] bytes, long version) {
    }

    /** What became of one change. @param code null if it was done, then {@code version} is its own */
    record Outcome(long version, ErrorCode code, String detail) {
    }

    /** A key that has another value now, or none: {@code value} is null then. */
    record Event(String key, Value value) {
    }

    /** What a command has done. */
    record Applied(Commands.Origin origin, long number, List<Outcome> outcomes, List<Event> events) {
    }

    private SortedTree<Value> contents = SortedTree.empty();
    private long version;
    private long bytes;

    SortedTree<Value> contents() {
        return contents;
    }

    /** @return empty if the bytes are no command; nothing has changed then */
    Optional<Applied> apply(byte[] command, int offset, int length) {
        return Commands.decode(command, offset, length).map(decoded -> {
            List<Outcome> outcomes = new ArrayList<>(decoded.changes().size());
            List<Event> events = new ArrayList<>();
            for (Change change : decoded.changes()) {
                outcomes.add(apply(change, events));
            }
            return new Applied(decoded.origin(), decoded.number(), outcomes, events);
        });
    }

    private Outcome apply(Change change, List<Event> events) {
        for (Map.Entry<String, Long> condition : change.conditions().entrySet()) {
            Value now = contents.get(condition.getKey());
            long found = now == null ? 0 : now.version;
            if (found != condition.getValue()) {
                return new Outcome(0, ErrorCode.CONFLICT,
                        condition.getKey() + " has version " + found + ", not " + condition.getValue());
            }
        }
        long size = bytes;
        for (Map.Entry<String, Optional<byte[]>> write : change.writes().entrySet()) {
            size += write.getValue().map(value -> size(write.getKey(), value)).orElse(0L) - size(write.getKey());
        }
        if (size > Limits.STATE_BYTES && size > bytes) {
            return new Outcome(0, ErrorCode.TOOBIG, "the agreed state would have " + size + " bytes, at most "
                    + Limits.STATE_BYTES);
        }
        bytes = size;
        version++;
        change.writes().forEach((key, value) -> write(key, value, events));
        return new Outcome(version, null, "");
    }

    private void write(String key, Optional<byte[]> value, List<Event> events) {
        if (value.isPresent()) {
            Value written = new Value(value.get(), version);
            contents = contents.with(key, written);
            events.add(new Event(key, written));
        } else if (contents.get(key) != null) {
            contents = contents.without(key);
            events.add(new Event(key, null));
        }
    }

    private long size(String key) {
        Value value = contents.get(key);
        return value == null ? 0 : size(key, value.bytes);
    }

    private static long size(String key, byte[] value) {
        return key.length() * 3L + value.length + OVERHEAD;
    }

    /** Magic, version, number of keys, then key, version, length, bytes of each in order, then CRC32C of all before. */
    ByteBuffer snapshot() {
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(bytes + 3 * Long.BYTES));
        out.putLong(MAGIC).putLong(version).putInt(contents.size());
        contents.forEach("", (key, value) -> {
            byte[] name = key.getBytes(StandardCharsets.UTF_8);
            out.putShort((short) name.length).put(name).putLong(value.version).putInt(value.bytes.length).put(value.bytes);
        });
        return out.putInt(checksum(out.duplicate().flip())).flip();
    }

    /** @throws DvsException {@code LOGDAMAGED} if it is not what {@link #snapshot} wrote */
    static KeyedState restore(ByteBuffer snapshot) throws DvsException {
        KeyedState state = new KeyedState();
        try {
            ByteBuffer in = snapshot.slice();
            int end = in.limit() - Integer.BYTES;
            if (end < 0 || in.getInt(end) != checksum(in.duplicate().limit(end)) || in.getLong() != MAGIC) {
                throw new IllegalArgumentException("its checksum or magic does not match");
            }
            in.limit(end);
            state.version = in.getLong();
            int count = in.getInt();
            for (int i = 0; i < count; i++) {
                String key = Commands.key(in);
                long written = in.getLong();
                Value value = new Value(Commands.value(in, in.getInt()), written);
                state.bytes += size(key, value.bytes) - state.size(key);
                state.contents = state.contents.with(key, value);
            }
            return state;
        } catch (BufferUnderflowException | IllegalArgumentException | CharacterCodingException e) {
            throw new DvsException(ErrorCode.LOGDAMAGED, "the snapshot of the agreed state: " + e.getMessage(), e);
        }
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
