package org.dvs.client;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.IpcException;

/**
 * Connects a program to the kernel. The gate tells each program beyond those that it allows so; of many at once it hears only so
 * many, and closes the connections of the others unheard. Those try again for a moment, and then they know as well.
 */
final class Knocking {
    private static final long TRY_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int MAX_PAUSES = 10;

    private Knocking() {
    }

    /** What is done with a new connection. */
    interface Opening<T> {
        T open(GateWire wire) throws IpcException;
    }

    static <T> T at(Path socket, Opening<T> opening) throws IpcException {
        long begin = System.nanoTime();
        IpcException unheard = null;
        for (int tries = 1;; tries++) {
            GateWire wire = connect(socket, unheard);
            try {
                return opening.open(wire);
            } catch (IpcException e) {
                if (e.code() != ErrorCode.CONNRESET || !wire.isUnheard()) {
                    throw e;
                }
                if (System.nanoTime() - begin > TRY_NANOS) {
                    throw new IpcException(ErrorCode.RSCBUSY, wire + " closed the connection before it had answered, " + tries
                            + " times: more programs want to connect than the setting maxPrograms of its gate allows");
                }
                unheard = e;
            }
            LockSupport.parkNanos(PAUSE_NANOS * Math.min(tries, MAX_PAUSES));
        }
    }

    /** @param before why the connection before failed; it says more than that there is no kernel any more */
    private static GateWire connect(Path socket, IpcException before) throws IpcException {
        try {
            return GateWire.connect(socket);
        } catch (IpcException e) {
            throw before != null && e.code() == ErrorCode.CONNREFUSED ? before : e;
        }
    }
}
