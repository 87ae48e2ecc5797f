package org.dvs.proxy.internal;

import static org.dvs.proxy.internal.TestNode.DC;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.internal.ipc.KernelCore;

/**
 * Programs of two nodes that are processes of their own: those of one ask those of the other, each message with a number of its
 * own, and write blocks of 64 KiB into their memory, which they read again; what each was told is remembered.
 */
final class AcrossPrograms {
    private static final int SERVER = 10;
    private static final int HOLDER = 12;
    private static final int COPIES = 13;
    private static final int CLIENT = 40;
    private static final int CLIENTS = 3;
    private static final int BYTES = 65_536;
    private static final long LIMIT_MS = 60_000;
    private static final long AGAIN_MS = 5;

    private final KernelCore kernel;
    private final int id;
    private final ScheduledThreadPoolExecutor later = new ScheduledThreadPoolExecutor(1);
    private final BitSet arrived = new BitSet();
    private final BitSet good = new BitSet();
    private final BitSet notConnected = new BitSet();
    private final BitSet unknown = new BitSet();
    private final List<String> wrong = new ArrayList<>();
    private final Set<Integer> maybe = new HashSet<>(Set.of(0));
    private final ByteBuffer block = ByteBuffer.allocateDirect(BYTES);
    private AsyncEndpoint copies;
    private long own;
    private long other;
    private int version;
    private int written;
    private int numbers;
    private int underWay;
    private boolean quiet;

    AcrossPrograms(KernelCore kernel, int id) {
        this.kernel = kernel;
        this.id = id;
    }

    /** @return where the memory is that the other node's programs may copy to */
    long serve() throws Exception {
        kernel.bindHandler(DC, SERVER, "server", (message, self) -> {
            arrives(message.getInt(Message.M1_I1));
            self.reply(message.source(), message.type(2), LIMIT_MS, rcode -> { });
        });
        kernel.rmtbind(DC, COPIES, "copies", 1 - id);
        AsyncEndpoint holder = kernel.bindAsync(DC, HOLDER, "holder", BindKind.SELF, EndpointNumbers.LOCALNODE);
        long address = holder.memory().expose(block);
        holder.receive(EndpointNumbers.ANY, new Message(), Endpoint.FOREVER, rcode -> { });
        return address;
    }

    private synchronized void arrives(int number) {
        if (arrived.get(number)) {
            wrong.add(number + "-arrived-twice");
        }
        arrived.set(number);
    }

    /** @param memory what {@link #serve} of the other node said */
    void call(long memory) throws Exception {
        kernel.rmtbind(DC, SERVER, "server", 1 - id);
        kernel.rmtbind(DC, HOLDER, "holder", 1 - id);
        other = memory;
        copies = kernel.bindAsync(DC, COPIES, "copies", BindKind.SELF, EndpointNumbers.LOCALNODE);
        own = copies.memory().expose(block);
        for (int i = 0; i < CLIENTS; i++) {
            ask(kernel.bindAsync(DC, CLIENT + i, "client", BindKind.SELF, EndpointNumbers.LOCALNODE));
        }
        write();
    }

    private synchronized boolean begins() {
        underWay += quiet ? 0 : 1;
        return !quiet;
    }

    private void again(Runnable call, int rcode) {
        later.schedule(call, rcode < 0 ? AGAIN_MS : 0, TimeUnit.MILLISECONDS);
    }

    private void ask(AsyncEndpoint self) {
        if (!begins()) {
            return;
        }
        int number = next();
        Message message = new Message(1).putInt(Message.M1_I1, number);
        self.sendrec(SERVER, message, LIMIT_MS, rcode -> {
            asked(number, rcode, message.getInt(Message.M1_I1));
            again(() -> ask(self), rcode);
        });
    }

    private synchronized int next() {
        return numbers++;
    }

    private synchronized void asked(int number, int rcode, int answer) {
        underWay--;
        if (good.get(number) || notConnected.get(number) || unknown.get(number)) {
            wrong.add(number + "-told-twice");
        }
        if (rcode >= 0) {
            good.set(number);
            if (answer != number) {
                wrong.add(number + "-got-answer-" + answer);
            }
        } else if (rcode == ErrorCode.NOTCONN.rcode()) {
            notConnected.set(number);
        } else if (rcode == ErrorCode.UNKNOWNOUTCOME.rcode()) {
            unknown.set(number);
        } else {
            wrong.add(number + "-told-" + rcode);
        }
    }

    // ---- copies

    private void write() {
        if (!begins()) {
            return;
        }
        version++;
        for (int i = 0; i < BYTES; i += Integer.BYTES) {
            block.putInt(i, version);
        }
        copies.vcopy(EndpointNumbers.SELF, own, HOLDER, other, BYTES, rcode -> {
            wrote(rcode);
            again(this::read, rcode);
        });
    }

    private synchronized void wrote(int rcode) {
        underWay--;
        if (rcode == BYTES) {
            written++;
            maybe.clear();
            maybe.add(version);
        } else if (rcode == ErrorCode.UNKNOWNOUTCOME.rcode()) {
            maybe.add(version);
        } else if (rcode != ErrorCode.NOTCONN.rcode()) {
            wrong.add("copy-" + version + "-told-" + rcode);
        }
    }

    /** Over a later connection, if the one before broke: so nothing of the block written is on its way any more. */
    private void read() {
        if (!begins()) {
            return;
        }
        copies.vcopy(HOLDER, other, EndpointNumbers.SELF, own, BYTES, rcode -> {
            read(rcode);
            again(rcode < 0 ? this::read : this::write, rcode);
        });
    }

    private synchronized void read(int rcode) {
        underWay--;
        if (rcode < 0) {
            return;
        }
        int first = block.getInt(0);
        for (int i = Integer.BYTES; i < BYTES; i += Integer.BYTES) {
            if (block.getInt(i) != first) {
                wrong.add("copy-" + version + "-of-" + first + "-and-" + block.getInt(i));
                break;
            }
        }
        if (!maybe.contains(first)) {
            wrong.add("copy-" + version + "-memory-holds-" + first + "-not-of-" + maybe.toString().replace(" ", ""));
        }
        maybe.retainAll(Set.of(first));
    }

    // ---- for the test

    synchronized long good() {
        return good.cardinality() + written;
    }

    /** Begins nothing more. @return {@code UNDER_WAY WRITTEN WRONG} and four sets of numbers: good, not connected, unknown, arrived */
    synchronized String quiet() {
        quiet = true;
        return underWay + " " + written + " " + (wrong.isEmpty() ? "none" : String.join(",", wrong)) + " " + text(good) + " "
                + text(notConnected) + " " + text(unknown) + " " + text(arrived);
    }

    private static String text(BitSet set) {
        return set.isEmpty() ? "-" : Base64.getEncoder().encodeToString(set.toByteArray());
    }

    static BitSet set(String text) {
        return text.equals("-") ? new BitSet() : BitSet.valueOf(Base64.getDecoder().decode(text));
    }
}
