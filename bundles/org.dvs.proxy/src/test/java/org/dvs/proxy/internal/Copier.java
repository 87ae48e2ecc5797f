package org.dvs.proxy.internal;

import static org.dvs.proxy.internal.TestNode.DC;
import static org.dvs.proxy.internal.TestNode.WAIT_MS;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Completion;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;

/**
 * Copies blocks of 64 KiB between a program of one node and one of another, each a version of its own, and knows what each memory
 * may hold: a copy that ended well is there, one that never left is not, one of unknown outcome is there as a whole or not at all.
 */
final class Copier implements AutoCloseable {
    static final int BYTES = 65_536;
    private static final int HOLDER = 12;
    private static final int SELF = 13;

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

    Copier(TestNode here, TestNode there) throws Exception {
        holder = there.kernel.bindAsync(DC, HOLDER, "holder", BindKind.SELF, EndpointNumbers.LOCALNODE);
        self = here.kernel.bindAsync(DC, SELF, "copies", BindKind.SELF, EndpointNumbers.LOCALNODE);
        here.kernel.rmtbind(DC, HOLDER, "holder", there.id);
        there.kernel.rmtbind(DC, SELF, "copies", here.id);
        other = holder.memory().expose(theirs);
        own = self.memory().expose(mine);
        hold();
    }

    /** Memory is copied while its program waits; a break ends that wait. */
    private void hold() {
        holder.receive(SELF, new Message(), -1, rcode -> { });
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
        away = out;
        version++;
        // A wait that a break has ended begins again; one that goes on refuses a second one.
        hold();
        fill(out ? mine : theirs, version);
        (out ? maybeMine : maybeTheirs).clear();
        (out ? maybeMine : maybeTheirs).add(version);
        CompletableFuture<Integer> end = new CompletableFuture<>();
        Completion done = end::complete;
        if (out) {
            self.vcopy(EndpointNumbers.SELF, own, HOLDER, other, BYTES, done);
        } else {
            self.vcopy(HOLDER, other, EndpointNumbers.SELF, own, BYTES, done);
        }
        return end.get(WAIT_MS, TimeUnit.MILLISECONDS);
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
        assertTrue(maybe.contains(there), "copy " + version + (away ? " out" : " in") + " ended with " + result + ", memory holds "
                + there + ", not one of " + maybe);
        maybe.retainAll(Set.of(there));
    }

    @Override
    public void close() {
        self.close();
        holder.close();
    }
}
