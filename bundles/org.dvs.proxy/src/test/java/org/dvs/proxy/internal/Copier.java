package org.dvs.proxy.internal;

import static org.dvs.proxy.internal.TestNode.DC;
import static org.dvs.proxy.internal.TestNode.WAIT_MS;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Completion;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.internal.ipc.KernelCore;

/**
 * Copies blocks of 64 KiB between a program of one node and one of another, each a version of its own, and knows what each memory
 * may hold: a copy that ended well is there, one that never left is not, one of unknown outcome is there as a whole or not at
 * all.
 */
final class Copier implements AutoCloseable {
    static final int BYTES = 65_536;
    private static final int HOLDER = 22;

    private final int number;
    private final AsyncEndpoint self;
    private final AsyncEndpoint holder;
    private final ByteBuffer mine = ByteBuffer.allocateDirect(BYTES);
    private final ByteBuffer theirs = ByteBuffer.allocateDirect(BYTES);
    private final long own;
    private final long other;
    private final Set<Integer> maybeMine = new HashSet<>(Set.of(0));
    private final Set<Integer> maybeTheirs = new HashSet<>(Set.of(0));
    private int version;
    private boolean away;

    /** @param there another node's kernel */
    Copier(KernelCore here, int hereId, KernelCore there, int thereId) throws DvsException {
        // Each direction between two nodes has endpoints of its own.
        number = HOLDER + 2 * hereId;
        holder = there.bindAsync(DC, number, "holder", BindKind.SELF, EndpointNumbers.LOCALNODE);
        self = here.bindAsync(DC, number + 1, "copies", BindKind.SELF, EndpointNumbers.LOCALNODE);
        here.rmtbind(DC, number, "holder", thereId);
        there.rmtbind(DC, number + 1, "copies", hereId);
        other = holder.memory().expose(theirs);
        own = self.memory().expose(mine);
        // Memory is copied while its program waits. Nobody sends to it, and no break ends a wait for anybody.
        holder.receive(EndpointNumbers.ANY, new Message(), Endpoint.FOREVER, rcode -> { });
    }

    private static void fill(ByteBuffer block, int value) {
        for (int i = 0; i < BYTES; i += Integer.BYTES) {
            block.putInt(i, value);
        }
    }

    /** @return the version that fills it; -1 if it is of several */
    private static int filled(ByteBuffer block) {
        int first = block.getInt(0);
        for (int i = Integer.BYTES; i < BYTES; i += Integer.BYTES) {
            if (block.getInt(i) != first) {
                return -1;
            }
        }
        return first;
    }

    /** Copies the next version, from here or from there, and waits for the end. @return the result of vcopy */
    int copy(boolean out) throws Exception {
        CompletableFuture<Integer> end = new CompletableFuture<>();
        copy(out, end::complete);
        return end.get(WAIT_MS, TimeUnit.MILLISECONDS);
    }

    void copy(boolean out, Completion done) {
        away = out;
        version++;
        fill(out ? mine : theirs, version);
        (out ? maybeMine : maybeTheirs).clear();
        (out ? maybeMine : maybeTheirs).add(version);
        if (out) {
            self.vcopy(EndpointNumbers.SELF, own, number, other, BYTES, done);
        } else {
            self.vcopy(number, other, EndpointNumbers.SELF, own, BYTES, done);
        }
    }

    /** Looks at the memory that the newest copy went to, once nothing of it can be on its way any more. */
    void check(int result) {
        Set<Integer> maybe = away ? maybeTheirs : maybeMine;
        if (result == BYTES) {
            maybe.clear();
            maybe.add(version);
        } else if (result == ErrorCode.UNKNOWNOUTCOME.rcode()) {
            maybe.add(version);
        }
        int there = filled(away ? theirs : mine);
        assertTrue(maybe.contains(there), "copy " + version + (away ? " out" : " in") + " ended with " + result
                + ", memory holds " + there + ", not one of " + maybe);
        maybe.retainAll(Set.of(there));
    }

    @Override
    public void close() {
        self.close();
        holder.close();
    }
}
