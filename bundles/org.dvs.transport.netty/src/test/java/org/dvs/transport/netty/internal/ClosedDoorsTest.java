package org.dvs.transport.netty.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.dvs.transport.api.Address;
import org.dvs.transport.api.ClosedDoor;
import org.dvs.transport.api.Transport;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "what was asked for in vain …". */
class ClosedDoorsTest {
    private static final ClosedDoor A = new ClosedDoor("a", "test", Address.tcp("127.0.0.1", 1), "in use");
    private static final ClosedDoor B = new ClosedDoor("b", "test", Address.tcp("127.0.0.1", 2), "in use");

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final ClosedDoors doors = new ClosedDoors(nanos::get);

    private void pass(long ms) {
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(ms));
    }

    @Test
    void standsThereWhileItIsAskedForAgain() {
        doors.add(B);
        doors.add(A);
        assertEquals(List.of(A, B), doors.all());
        pass(Transport.CLOSED_DOOR_MS);
        doors.add(B);
        assertEquals(List.of(A, B), doors.all());
        pass(1);
        assertEquals(List.of(B), doors.all());
    }

    @Test
    void isForgottenWhenItIsOpen() {
        doors.add(A);
        doors.add(B);
        doors.remove("a");
        assertEquals(List.of(B), doors.all());
    }
}
