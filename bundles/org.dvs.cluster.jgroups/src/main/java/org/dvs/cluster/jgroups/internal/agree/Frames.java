package org.dvs.cluster.jgroups.internal.agree;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.jgroups.protocols.raft.LogEntry;

/**
 * The bytes of a {@link Frame}: version, type, term, then its fields as they are declared, big-endian; texts and
 * bytes with length first. Where the sender's log has a name, that (two longs) and the number of voters (a byte) come after the
 * version, which is another one then.
 */
final class Frames {
    /** Bytes of a snapshot in one message. */
    static final int CHUNK_BYTES = 512 * 1024;

    private static final byte BARE = 1;
    private static final byte NAMED = 2;
    private static final int MAX_TEXT = 1024;
    /** Characters of an error's detail that are sent. */
    private static final int MAX_DETAIL = 300;
    private static final int ENTRY_HEADER = Long.BYTES + 1 + Integer.BYTES;

    /**
     * A frame on its way.
     *
     * @param log    the one that it is about; {@link LogId#NONE} if the sender does not know
     * @param voters how many the sender knows that log to have; 0 if it does not name the log
     */
    record Letter(LogId log, int voters, Frame frame) {
        Letter {
            voters = log.known() ? voters : 0;
        }
    }

    private Frames() {
    }

    static int size(LogEntry entry) {
        return ENTRY_HEADER + entry.length();
    }

    static byte[] encode(Letter letter) {
        Frame frame = letter.frame;
        if (frame instanceof Frame.Append append) {
            int size = append.entries().stream().mapToInt(Frames::size).sum();
            ByteBuffer out = start(1, letter, 5 * Long.BYTES + Integer.BYTES + size).putLong(append.previousIndex())
                    .putLong(append.previousTerm()).putLong(append.commit()).putLong(append.stamp()).putLong(append.echo())
                    .putInt(append.entries().size());
            for (LogEntry entry : append.entries()) {
                out.putLong(entry.term()).put((byte) (entry.internal() ? 1 : 0)).putInt(entry.length());
                if (entry.length() > 0) {
                    out.put(entry.command(), entry.offset(), entry.length());
                }
            }
            return out.array();
        } else if (frame instanceof Frame.Taken taken) {
            return start(2, letter, 3 * Long.BYTES).putLong(taken.index()).putLong(taken.stamp()).putLong(taken.clock()).array();
        } else if (frame instanceof Frame.Refused refused) {
            return start(3, letter, 2 * Long.BYTES).putLong(refused.previousIndex()).putLong(refused.hint()).array();
        } else if (frame instanceof Frame.Chunk chunk) {
            return start(4, letter, 2 * Long.BYTES + 3 * Integer.BYTES + chunk.bytes().length).putLong(chunk.index())
                    .putLong(chunk.indexTerm()).putInt(chunk.total()).putInt(chunk.offset()).putInt(chunk.bytes().length)
                    .put(chunk.bytes()).array();
        } else if (frame instanceof Frame.ChunkTaken taken) {
            return start(5, letter, Long.BYTES + Integer.BYTES).putLong(taken.index()).putInt(taken.offset()).array();
        } else if (frame instanceof Frame.Propose propose) {
            return start(6, letter, Long.BYTES + Integer.BYTES + propose.command().length).putLong(propose.number())
                    .putInt(propose.command().length).put(propose.command()).array();
        } else if (frame instanceof Frame.NotProposed refused) {
            return start(7, letter, Long.BYTES).putLong(refused.number()).array();
        } else if (frame instanceof Frame.Reconfigure change) {
            byte[] name = change.name().getBytes(StandardCharsets.UTF_8);
            return start(8, letter, Long.BYTES + 1 + Integer.BYTES + name.length).putLong(change.number())
                    .put((byte) (change.admit() ? 1 : 0)).putInt(name.length).put(name).array();
        } else if (frame instanceof Frame.Resign) {
            return start(10, letter, 0).array();
        } else if (frame instanceof Frame.Candidate candidate) {
            return start(11, letter, 2 * Long.BYTES).putLong(candidate.lastIndex()).putLong(candidate.lastTerm()).array();
        } else if (frame instanceof Frame.Vote vote) {
            return start(12, letter, 1).put((byte) (vote.given() ? 1 : 0)).array();
        } else if (frame instanceof Frame.Canvass canvass) {
            return start(13, letter, 2 * Long.BYTES).putLong(canvass.lastIndex()).putLong(canvass.lastTerm()).array();
        } else if (frame instanceof Frame.Support) {
            return start(14, letter, 0).array();
        } else if (frame instanceof Frame.Able) {
            return start(15, letter, 0).array();
        } else {
            Frame.Reconfigured answer = (Frame.Reconfigured) frame;
            byte[] detail = answer.detail().substring(0, Math.min(MAX_DETAIL, answer.detail().length()))
                    .getBytes(StandardCharsets.UTF_8);
            return start(9, letter, Long.BYTES + 2 * Integer.BYTES + detail.length).putLong(answer.number()).putInt(answer.code())
                    .putInt(detail.length).put(detail).array();
        }
    }

    private static ByteBuffer start(int type, Letter letter, int size) {
        LogId log = letter.log;
        ByteBuffer out;
        if (log.known()) {
            out = ByteBuffer.allocate(3 + 3 * Long.BYTES + size).put(NAMED).putLong(log.high()).putLong(log.low())
                    .put((byte) letter.voters);
        } else {
            out = ByteBuffer.allocate(2 + Long.BYTES + size).put(BARE);
        }
        return out.put((byte) type).putLong(letter.frame.term());
    }

    /** @throws IllegalArgumentException if the bytes are no frame, in whatever way */
    static Letter decode(byte[] bytes, int offset, int length) {
        ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
        try {
            byte version = in.get();
            if (version != BARE && version != NAMED) {
                throw new IllegalArgumentException("a frame of another version");
            }
            LogId log = version == BARE ? LogId.NONE : new LogId(in.getLong(), in.getLong());
            int voters = version == BARE ? 0 : Byte.toUnsignedInt(in.get());
            if (version == NAMED && !log.known() || voters > Limits.VOTERS) {
                throw new IllegalArgumentException("a frame about the log " + log + " of " + voters + " voters");
            }
            Frame frame = decode(in.get(), in);
            if (in.hasRemaining()) {
                throw new IllegalArgumentException("a frame with " + in.remaining() + " bytes too many");
            }
            return new Letter(log, voters, frame);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a frame that is cut off", e);
        }
    }

    private static Frame decode(byte type, ByteBuffer in) {
        long term = in.getLong();
        if (term < 0) {
            throw new IllegalArgumentException("term " + term);
        }
        return switch (type) {
            case 1 -> new Frame.Append(term, index(in), index(in), index(in), in.getLong(), in.getLong(), entries(in));
            case 2 -> new Frame.Taken(term, index(in), in.getLong(), in.getLong());
            case 3 -> new Frame.Refused(term, index(in), index(in));
            case 4 -> new Frame.Chunk(term, index(in), index(in), in.getInt(), in.getInt(), bytes(in, CHUNK_BYTES));
            case 5 -> new Frame.ChunkTaken(term, index(in), in.getInt());
            case 6 -> new Frame.Propose(term, in.getLong(), bytes(in, 2 * Limits.CHANGE_BYTES));
            case 7 -> new Frame.NotProposed(term, in.getLong());
            case 8 -> new Frame.Reconfigure(term, in.getLong(), in.get() == 1, text(in));
            case 9 -> new Frame.Reconfigured(term, in.getLong(), in.getInt(), text(in));
            case 10 -> new Frame.Resign(term);
            case 11 -> new Frame.Candidate(term, index(in), index(in));
            case 12 -> new Frame.Vote(term, in.get() == 1);
            case 13 -> new Frame.Canvass(term, index(in), index(in));
            case 14 -> new Frame.Support(term);
            case 15 -> new Frame.Able(term);
            default -> throw new IllegalArgumentException("a frame of type " + type);
        };
    }

    private static long index(ByteBuffer in) {
        long index = in.getLong();
        if (index < 0) {
            throw new IllegalArgumentException("index " + index);
        }
        return index;
    }

    private static List<LogEntry> entries(ByteBuffer in) {
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / ENTRY_HEADER) {
            throw new IllegalArgumentException(count + " entries");
        }
        List<LogEntry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long term = index(in);
            boolean internal = in.get() == 1;
            byte[] command = bytes(in, 2 * Limits.CHANGE_BYTES);
            entries.add(new LogEntry(term, command, 0, command.length, internal));
        }
        return entries;
    }

    private static byte[] bytes(ByteBuffer in, int most) {
        int length = in.getInt();
        if (length < 0 || length > most || length > in.remaining()) {
            throw new IllegalArgumentException("a field of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static String text(ByteBuffer in) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(in, MAX_TEXT))).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a text that is no UTF-8", e);
        }
    }
}
