package org.dvs.kernel.internal.gate;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Completion;
import org.dvs.kernel.api.gate.GateOp;
import org.dvs.kernel.internal.ipc.ProgramMemory;
import org.dvs.transport.api.Connection;

/** Memory of a program outside: it is asked for its bytes, and given them, over its connection. State belongs to the connection's loop. */
final class GateMemory implements ProgramMemory {
    private static final int OK = 0;

    private final Connection connection;
    private final Map<Integer, Reader> reads = new HashMap<>();
    private final Map<Integer, Completion> writes = new HashMap<>();
    private int lastId;
    private boolean closed;

    GateMemory(Connection connection) {
        this.connection = connection;
    }

    @Override
    public int maxBytes() {
        return GateOp.MAX_COPY_BYTES;
    }

    // ---- asked for, by any thread

    @Override
    public void read(long address, int length, Reader reader) {
        onLoop(() -> {
            ByteBuffer frame = closed ? null : connection.begin(GateOp.HEADER_BYTES);
            if (frame == null) {
                reader.read(lost(), null);
                return;
            }
            reads.put(++lastId, reader);
            connection.end(frame.put(GateOp.COPY_READ).putInt(lastId).putLong(address).putInt(length));
            connection.flush();
        }, () -> reader.read(lost(), null));
    }

    @Override
    public void write(long address, ByteBuffer data, Completion done) {
        ByteBuffer taken = connection.loop().here() ? data : ByteBuffer.allocate(data.remaining()).put(data).flip();
        onLoop(() -> {
            ByteBuffer header = ByteBuffer.allocate(GateOp.HEADER_BYTES).put(GateOp.COPY_WRITE).putInt(lastId + 1).putLong(address);
            if (closed || !connection.write(header.flip(), taken)) {
                done.completed(lost());
                return;
            }
            writes.put(++lastId, done);
            connection.flush();
        }, () -> done.completed(lost()));
    }

    private int lost() {
        return (closed ? ErrorCode.NOTCONN : ErrorCode.OUTOFBUFS).rcode();
    }

    private void onLoop(Runnable task, Runnable refused) {
        if (connection.loop().here()) {
            task.run();
        } else if (!connection.loop().execute(task)) {
            refused.run();
        }
    }

    // ---- answered, on the loop

    /** @param frame what is left of it are the bytes */
    void read(int id, int rcode, ByteBuffer frame) {
        Reader reader = reads.remove(id);
        if (reader == null) {
            return;
        }
        if (rcode != OK) {
            reader.read(rcode < 0 ? rcode : ErrorCode.FAULT.rcode(), null);
            return;
        }
        // The copy may go on after the frame is gone.
        reader.read(OK, ByteBuffer.allocateDirect(frame.remaining()).put(frame).flip());
    }

    void written(int id, int rcode) {
        Completion done = writes.remove(id);
        if (done != null) {
            done.completed(Math.min(rcode, OK));
        }
    }

    void close() {
        closed = true;
        Map<Integer, Reader> unread = new HashMap<>(reads);
        Map<Integer, Completion> unwritten = new HashMap<>(writes);
        reads.clear();
        writes.clear();
        unread.values().forEach(reader -> reader.read(lost(), null));
        unwritten.values().forEach(done -> done.completed(lost()));
    }
}
