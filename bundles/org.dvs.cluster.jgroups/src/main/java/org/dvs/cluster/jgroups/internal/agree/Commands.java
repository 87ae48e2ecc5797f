package org.dvs.cluster.jgroups.internal.agree;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.Change;

/**
 * The bytes of a command, which is what stands in the log: changes of one node, big-endian.
 * <pre>
 *   byte   version, 1
 *   long   long   long     origin (two) and number of the command there
 *   int    number of changes, 0 for a command that only marks a place in the log
 *   each:  int    number of conditions; each: key, long version
 *          int    number of writes; each: key, int length, bytes; length -1 stands for removal
 *   key:   short  length in bytes; UTF-8
 * </pre>
 */
final class Commands {
    private static final byte VERSION = 1;
    private static final int HEADER = 1 + 3 * Long.BYTES + Integer.BYTES;
    private static final int REMOVED = -1;

    private Commands() {
    }

    /**
     * A command as it was read.
     *
     * @param origin  who made it; differs at each start of a node
     * @param number  of the command there
     */
    record Command(Origin origin, long number, List<Change> changes) {
    }

    /** Names one life of one node. */
    record Origin(long high, long low) {
    }

    /** @throws DvsException {@code TOOBIG} or {@code INVAL}, naming the key */
    static byte[] encode(Change change) throws DvsException {
        if (change.conditions().size() + change.writes().size() > Limits.CHANGE_KEYS) {
            throw new DvsException(ErrorCode.TOOBIG, "a change names at most " + Limits.CHANGE_KEYS + " keys");
        }
        long size = 2 * Integer.BYTES;
        for (String key : change.conditions().keySet()) {
            size += key(key).length + Short.BYTES + Long.BYTES;
        }
        for (Map.Entry<String, Optional<byte[]>> write : change.writes().entrySet()) {
            int length = write.getValue().map(value -> value.length).orElse(0);
            if (length > Limits.VALUE_BYTES) {
                throw new DvsException(ErrorCode.TOOBIG,
                        "the value of " + write.getKey() + " has " + length + " bytes, at most " + Limits.VALUE_BYTES);
            }
            size += key(write.getKey()).length + Short.BYTES + Integer.BYTES + length;
        }
        if (size > Limits.CHANGE_BYTES) {
            throw new DvsException(ErrorCode.TOOBIG, "the change has " + size + " bytes, at most " + Limits.CHANGE_BYTES);
        }
        ByteBuffer out = ByteBuffer.allocate((int) size).putInt(change.conditions().size());
        for (Map.Entry<String, Long> condition : change.conditions().entrySet()) {
            putKey(out, condition.getKey()).putLong(condition.getValue());
        }
        out.putInt(change.writes().size());
        for (Map.Entry<String, Optional<byte[]>> write : change.writes().entrySet()) {
            putKey(out, write.getKey());
            if (write.getValue().isPresent()) {
                out.putInt(write.getValue().get().length).put(write.getValue().get());
            } else {
                out.putInt(REMOVED);
            }
        }
        return out.array();
    }

    private static byte[] key(String key) throws DvsException {
        if (key.isEmpty() || key.length() > Limits.KEY_CHARS) {
            throw new DvsException(key.isEmpty() ? ErrorCode.INVAL : ErrorCode.TOOBIG,
                    "the key " + key + " has " + key.length() + " characters, 1 to " + Limits.KEY_CHARS + " are allowed");
        }
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        if (!key.equals(new String(bytes, StandardCharsets.UTF_8))) {
            throw new DvsException(ErrorCode.INVAL, "the key " + key + " is not well-formed Unicode");
        }
        return bytes;
    }

    private static ByteBuffer putKey(ByteBuffer out, String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        return out.putShort((short) bytes.length).put(bytes);
    }

    /** @param changes as {@link #encode(Change)} gave them */
    static byte[] encode(Origin origin, long number, List<byte[]> changes) {
        int size = HEADER + changes.stream().mapToInt(change -> change.length).sum();
        ByteBuffer out = ByteBuffer.allocate(size).put(VERSION).putLong(origin.high).putLong(origin.low).putLong(number)
                .putInt(changes.size());
        changes.forEach(out::put);
        return out.array();
    }

    /** @return empty if the bytes are no command, in whatever way */
    static Optional<Command> decode(byte[] bytes, int offset, int length) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
            if (in.get() != VERSION) {
                return Optional.empty();
            }
            Origin origin = new Origin(in.getLong(), in.getLong());
            long number = in.getLong();
            int count = count(in, Limits.COMMAND_CHANGES);
            List<Change> changes = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                changes.add(change(in));
            }
            return in.hasRemaining() ? Optional.empty() : Optional.of(new Command(origin, number, changes));
        } catch (BufferUnderflowException | IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static Change change(ByteBuffer in) throws CharacterCodingException {
        Change change = new Change();
        int conditions = count(in, Limits.CHANGE_KEYS);
        for (int i = 0; i < conditions; i++) {
            change.expect(key(in), in.getLong());
        }
        int writes = count(in, Limits.CHANGE_KEYS);
        for (int i = 0; i < writes; i++) {
            String key = key(in);
            int length = in.getInt();
            if (length == REMOVED) {
                change.remove(key);
            } else {
                change.put(key, value(in, length));
            }
        }
        return change;
    }

    private static int count(ByteBuffer in, int most) {
        int count = in.getInt();
        if (count < 0 || count > most) {
            throw new IllegalArgumentException("count " + count);
        }
        return count;
    }

    static String key(ByteBuffer in) throws CharacterCodingException {
        int length = Short.toUnsignedInt(in.getShort());
        if (length == 0 || length > in.remaining() || length > Limits.KEY_CHARS * 3) {
            throw new IllegalArgumentException("key of " + length + " bytes");
        }
        String key = StandardCharsets.UTF_8.newDecoder().decode(in.slice(in.position(), length)).toString();
        in.position(in.position() + length);
        if (key.length() > Limits.KEY_CHARS) {
            throw new IllegalArgumentException("key of " + key.length() + " characters");
        }
        return key;
    }

    static byte[] value(ByteBuffer in, int length) {
        if (length < 0 || length > Limits.VALUE_BYTES || length > in.remaining()) {
            throw new IllegalArgumentException("value of " + length + " bytes");
        }
        byte[] value = new byte[length];
        in.get(value);
        return value;
    }
}
