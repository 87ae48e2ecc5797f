package org.dvs.kernel.internal.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.gate.GateOp;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Questions for the memory of a program outside, and their numbers. */
@Tag("R-PXY-08")
class GateMemoryTest {
    private static final int BYTES = 3;

    private final HandConnection connection = new HandConnection(new HandGate().gate);
    private final List<Integer> ends = new ArrayList<>();

    GateMemoryTest() throws DvsException {
    }

    private void reads(GateMemory memory) {
        memory.read(0, BYTES, (rcode, data) -> ends.add(rcode));
    }

    private void writes(GateMemory memory) {
        memory.write(0, ByteBuffer.allocate(BYTES), ends::add);
    }

    /** Number of the newest question. */
    private int asked(byte op) {
        ByteBuffer frame = connection.sent.get(connection.sent.size() - 1);
        assertEquals(op, frame.get(0));
        return frame.getInt(1);
    }

    @Test
    void goOnWhenTheirNumbersHaveRunOut() {
        GateMemory memory = new GateMemory(connection, 1_000, Integer.MAX_VALUE - 2);
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            reads(memory);
            int read = asked(GateOp.COPY_READ);
            writes(memory);
            int written = asked(GateOp.COPY_WRITE);
            memory.written(written, 0);
            memory.read(read, 0, ByteBuffer.allocate(BYTES));
            numbers.addAll(List.of(read, written));
        }
        assertEquals(List.of(Integer.MAX_VALUE - 1, Integer.MAX_VALUE, 1, 2, 3, 4), numbers);
        assertEquals(List.of(0, 0, 0, 0, 0, 0), ends);
    }

    @Test
    void areAnsweredTooLateWithANumberFromBeforeTheyBeganAnew() {
        GateMemory memory = new GateMemory(connection, 1_000, Integer.MAX_VALUE - 1);
        reads(memory);
        int late = asked(GateOp.COPY_READ);
        connection.late();
        writes(memory);
        assertEquals(1, asked(GateOp.COPY_WRITE));
        memory.read(late, 0, ByteBuffer.allocate(BYTES));
        memory.written(1, 0);
        assertEquals(2, ends.size());
        assertThrows(IllegalArgumentException.class, () -> memory.written(0, 0));
        assertThrows(IllegalArgumentException.class, () -> memory.written(-1, 0));
    }

    @Test
    void areRefusedAnAnswerThatNoneHasBeenAskedFor() {
        GateMemory memory = new GateMemory(connection, 1_000);
        writes(memory);
        memory.written(1, 0);
        assertThrows(IllegalArgumentException.class, () -> memory.written(2, 0));
        assertEquals(List.of(0), ends);
    }
}
