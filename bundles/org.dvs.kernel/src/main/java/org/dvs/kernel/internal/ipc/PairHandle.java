package org.dvs.kernel.internal.ipc;

import org.dvs.kernel.api.Arrivals;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.Given;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.ProxyPair;

/**
 * A proxy pair as its proxies see it. Once others have taken it over, or these have left it, what these say of its connection
 * and of their listening counts no more: they may be late, as their loop was busy.
 */
final class PairHandle implements ProxyPair {
    private final Neighbours kernel;
    private final PairState state;
    private final int tenure;
    /** Whose payload the sender proxy was given last. */
    private Outbound lent;
    /** As the proxies said last; 0 if they leave it to the kernel. */
    private volatile long time;
    /** The array that was last looked through; what is polled into is most often the same. */
    private Command[] looked;

    /** @param tenure by which the pair is theirs */
    PairHandle(Neighbours kernel, PairState state, int tenure) {
        this.kernel = kernel;
        this.state = state;
        this.tenure = tenure;
    }

    @Override
    public int id() {
        return state.id();
    }

    @Override
    public String name() {
        return state.name();
    }

    @Override
    public void get2rmt(Command into, long timeoutMs) throws IpcException {
        long limit = PairState.nanos(timeoutMs);
        long begin = System.nanoTime();
        while (!poll(into)) {
            long left = limit == Long.MAX_VALUE ? limit : limit - (System.nanoTime() - begin);
            int result = state.await(left);
            if (result != Result.OK) {
                throw IpcException.of(result, "get2rmt of " + this);
            }
        }
    }

    @Override
    public boolean poll(Command into) {
        Command[] one = {Given.argument(into, "command")};
        return fill(one) > 0;
    }

    @Override
    public int poll(Command[] into) {
        if (into == null || into != looked) {
            // A command that finds no place would be lost.
            for (Command each : Given.argument(into, "commands")) {
                Given.argument(each, "command");
            }
            looked = into;
        }
        return into.length == 0 ? 0 : fill(into);
    }

    private int fill(Command[] into) {
        giveBack();
        int count = 0;
        // Where nothing in a lane was wanted any more, the next one is looked into.
        for (Lane lane = state.next(); lane != null; lane = count == 0 ? state.next() : null) {
            count = lane.dc == null ? state.takeLoose(into) : fill(into, lane);
        }
        return count;
    }

    private void giveBack() {
        if (lent != null) {
            lent.spares.giveBack(lent.command.payload);
            lent = null;
        }
    }

    /** One with a payload is the last. */
    private int fill(Command[] into, Lane lane) {
        long now = now();
        int count = 0;
        lane.dc.enter();
        try {
            Outbound next = lane.poll();
            while (next != null) {
                boolean last = next.carries();
                if (lane.dc.sending.take(next, into[count], now)) {
                    count++;
                    lent = next.spares == null ? null : next;
                    last |= count == into.length;
                } else {
                    last = false;
                }
                next = last ? null : lane.poll();
            }
        } finally {
            state.tookFrom(lane);
            lane.dc.leave();
        }
        return count;
    }

    @Override
    public void onWork(Runnable work) {
        state.listener(tenure, work);
    }

    @Override
    public void time(long ms) {
        time = ms;
    }

    private long now() {
        long said = time;
        return said == 0 ? kernel.now() : said;
    }

    @Override
    public int put2lcl(Command command) {
        Given.argument(command, "command");
        int result = state.receiverResult();
        return result == Result.OK ? kernel.put2lcl(command, state, now()) : result;
    }

    @Override
    public void put2lcl(Command command, Arrivals more) {
        kernel.put2lcl(Given.argument(command, "command"), Given.argument(more, "arrivals"), state, now());
    }

    @Override
    public void refuse(Command command, int rcode) {
        Given.argument(command, "command");
        if (state.receiverResult() != Result.OK) {
            return;
        }
        if (command.isAck()) {
            command.rcode = rcode;
            command.payload = null;
            kernel.put2lcl(command, state, now());
        } else {
            kernel.refuse(command, rcode, state);
        }
    }

    @Override
    public boolean isOverrun() {
        return state.answers().isOverrun();
    }

    @Override
    public void leave(long keepMs) {
        time = 0;
        kernel.left(state, tenure, keepMs);
    }

    @Override
    public void connectSender() {
        if (state.sender(tenure, true)) {
            kernel.connected(state);
        }
    }

    @Override
    public void connectReceiver() {
        if (state.receiver(tenure, true)) {
            kernel.connected(state);
        }
    }

    @Override
    public void disconnectSender() {
        if (state.sender(tenure, false)) {
            kernel.disconnected(state);
        }
    }

    @Override
    public void disconnectReceiver() {
        if (state.receiver(tenure, false)) {
            kernel.disconnected(state);
        }
    }

    @Override
    public void unbind() {
        kernel.unbind(state);
    }

    @Override
    public String toString() {
        return "proxy pair " + state.id() + " (" + state.name() + ")";
    }
}
