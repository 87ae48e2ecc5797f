package org.dvs.kernel.internal.gate;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Completion;
import org.dvs.kernel.api.gate.GateOp;
import org.dvs.kernel.internal.ipc.ProgramMemory;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.Loop;

/**
 * Memory of a program outside: it is asked for its bytes, and given them, over its connection. What it does not answer in time
 * ends with {@code TIMEDOUT}, so that nobody is kept still by a program that has stopped; once its connection has ended, what is
 * read from it ends with {@code SRCDIED} and what is written to it with {@code DSTDIED}, though the end of its process may yet be
 * told to whoever is to be warned. State belongs to the connection's loop.
 */
final class GateMemory implements ProgramMemory {
    /** Asked for and not answered; one more is refused. A program that behaves has one. */
    static final int MAX_ASKED = 8;
    private static final int OK = 0;

    private final Connection connection;
    private final long answerMs;
    private final Map<Integer, Asked> asked = new HashMap<>();
    private int lastId;
    /** Numbers have begun anew, so that each of them was one once. */
    private boolean anew;
    private volatile boolean closed;

    /** @param answerMs within which the program must have answered */
    GateMemory(Connection connection, long answerMs) {
        this(connection, answerMs, 0);
    }

    /** @param lastId number of the last question, as if there had been as many; the next ones go on from there, then from 1 */
    GateMemory(Connection connection, long answerMs, int lastId) {
        this.connection = connection;
        this.answerMs = answerMs;
        this.lastId = lastId;
    }

    /** @param reader null of a write; it is given {@code length} bytes */
    private record Asked(Reader reader, int length, Completion writer, Loop.Timer deadline) {
        void fail(int rcode) {
            if (reader == null) {
                writer.completed(rcode);
            } else {
                reader.read(rcode, null);
            }
        }
    }

    @Override
    public int maxBytes() {
        return ANY_TAKES;
    }

    // ---- asked for, by any thread

    @Override
    public void read(long address, int length, Reader reader) {
        onLoop(() -> {
            ByteBuffer frame = full() ? null : connection.begin(GateOp.HEADER_BYTES);
            if (frame == null) {
                reader.read(lost(ErrorCode.SRCDIED), null);
                return;
            }
            int id = nextId();
            asks(id, reader, length, null);
            connection.end(frame.put(GateOp.COPY_READ).putInt(id).putLong(address).putInt(length));
            connection.flush();
        }, () -> reader.read(lost(ErrorCode.SRCDIED), null));
    }

    @Override
    public void write(long address, ByteBuffer data, Completion done) {
        ByteBuffer taken = connection.loop().here() ? data : ByteBuffer.allocate(data.remaining()).put(data).flip();
        onLoop(() -> {
            if (full()) {
                done.completed(lost(ErrorCode.DSTDIED));
                return;
            }
            int id = nextId();
            ByteBuffer header = ByteBuffer.allocate(GateOp.HEADER_BYTES).put(GateOp.COPY_WRITE).putInt(id).putLong(address);
            if (!connection.write(header.flip(), taken)) {
                done.completed(lost(ErrorCode.DSTDIED));
                return;
            }
            asks(id, null, 0, done);
            connection.flush();
        }, () -> done.completed(lost(ErrorCode.DSTDIED)));
    }

    private boolean full() {
        return closed || asked.size() >= MAX_ASKED;
    }

    /** Of the next question; 1 or more, as its answer must be. */
    private int nextId() {
        anew |= lastId == Integer.MAX_VALUE;
        lastId = lastId == Integer.MAX_VALUE ? 1 : lastId + 1;
        return lastId;
    }

    private void asks(int id, Reader reader, int length, Completion writer) {
        Loop.Timer deadline = connection.loop().schedule(() -> {
            Asked late = asked.remove(id);
            if (late != null) {
                late.fail(ErrorCode.TIMEDOUT.rcode());
            }
        }, answerMs, TimeUnit.MILLISECONDS);
        asked.put(id, new Asked(reader, length, writer, deadline));
    }

    /** Why it cannot be asked. */
    private int lost(ErrorCode died) {
        return (closed || !connection.isOpen() ? died : ErrorCode.OUTOFBUFS).rcode();
    }

    private void onLoop(Runnable task, Runnable refused) {
        if (connection.loop().here()) {
            task.run();
        } else if (!connection.loop().execute(task)) {
            refused.run();
        }
    }

    // ---- answered, on the loop

    /** @return what was asked so; null if that is too late. @throws IllegalArgumentException if nothing ever was */
    private Asked answered(int id) {
        if (id < 1 || id > lastId && !anew) {
            throw new IllegalArgumentException("an answer to copy " + id + ", of " + lastId);
        }
        Asked found = asked.remove(id);
        if (found != null) {
            found.deadline.cancel();
        }
        return found;
    }

    /** @param frame what is left of it are the bytes. @throws IllegalArgumentException for an answer that fits no question */
    void read(int id, int rcode, ByteBuffer frame) {
        Asked found = answered(id);
        if (found == null) {
            return;
        }
        if (found.reader == null || rcode == OK && frame.remaining() != found.length) {
            found.fail(ErrorCode.PACKSIZE.rcode());
            throw new IllegalArgumentException(frame.remaining() + " bytes for copy " + id + ", not " + found.length);
        }
        if (rcode != OK) {
            // Why it does not give them is no matter of the program's: another number could say anything to whoever copies.
            found.reader.read(ErrorCode.FAULT.rcode(), null);
            return;
        }
        // The copy may go on after the frame is gone.
        found.reader.read(OK, ByteBuffer.allocateDirect(frame.remaining()).put(frame).flip());
    }

    /** @throws IllegalArgumentException for an answer that fits no question */
    void written(int id, int rcode) {
        Asked found = answered(id);
        if (found == null) {
            return;
        }
        if (found.writer == null) {
            found.fail(ErrorCode.PACKSIZE.rcode());
            throw new IllegalArgumentException("copy " + id + " was a read");
        }
        found.writer.completed(rcode == OK ? OK : ErrorCode.FAULT.rcode());
    }

    void close() {
        closed = true;
        List<Asked> open = new ArrayList<>(asked.values());
        asked.clear();
        for (Asked each : open) {
            each.deadline.cancel();
            each.fail((each.reader == null ? ErrorCode.DSTDIED : ErrorCode.SRCDIED).rcode());
        }
    }
}
