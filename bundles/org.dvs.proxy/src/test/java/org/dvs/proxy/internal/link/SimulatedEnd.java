package org.dvs.proxy.internal.link;

import java.util.ArrayList;
import java.util.List;

import org.dvs.proxy.internal.frame.DigestKind;
import org.dvs.proxy.internal.frame.Fault;
import org.dvs.proxy.internal.frame.Hello;
import org.dvs.proxy.internal.frame.Options;

/** One node of a simulated link: the link, what it was told, and frames that are only numbers. */
final class SimulatedEnd implements LinkOwner {
    private final SimulatedLinks world;
    final int id;
    Link link;
    SimulatedWire up;
    private Agreement agreed;
    /** Settled by the links before this one, as delivered, failed and unknown. */
    final long[] before = new long[3];
    int ups;
    int downs;
    /** Frames sent and handed on since the link was made. */
    long sent;
    long got;
    final List<Fault> faults = new ArrayList<>();

    SimulatedEnd(SimulatedLinks world, int id) {
        this.world = world;
        this.id = id;
        restart();
    }

    /** A new process: nothing is known of before. */
    void restart() {
        sent = 0;
        got = 0;
        up = null;
        link = link(3_000);
    }

    private Link link(int heartbeatMs) {
        Options options = new Options(true, true, true, true, true, DigestKind.NONE);
        return new Link(new LinkSettings(id, "node" + id, 1 - id, options, 65_536, heartbeatMs, 5_000, 200, 10_000), world.random,
                world.time::nanoTime, this);
    }

    /** The next version goes on with the connection; with settings that are others now it ends it and connects anew. */
    void replace(boolean otherwise) {
        SimulatedWire kept = up;
        Link.Parked left = link.park();
        long[] settled = settled();
        System.arraycopy(settled, 0, before, 0, settled.length);
        up = null;
        link = link(otherwise ? 2_000 + world.random.nextInt(1_000) : link.settings().heartbeatMs());
        link.resume(kept, left, agreed);
    }

    /** As delivered, failed and unknown. */
    long[] settled() {
        Sequences own = link.sequences();
        return new long[] {before[0] + own.delivered(), before[1] + own.failed(), before[2] + own.unknown()};
    }

    @Override
    public void dial(long attempt) {
        world.dial(this, attempt);
    }

    @Override
    public void up(Wire wire, Agreement agreement) {
        if (up != null) {
            throw new AssertionError("node " + id + " is up already");
        }
        up = (SimulatedWire) wire;
        agreed = agreement;
        ups++;
        if (world.restless && world.random.nextInt(4) == 0) {
            world.time.after(world.delay(), () -> {
                if (up == wire) {
                    replace(world.random.nextBoolean());
                }
            });
        }
    }

    @Override
    public void resumed(Wire wire, Agreement agreement) {
        up(wire, agreement);
    }

    @Override
    public void down(Fault why) {
        if (up == null) {
            throw new AssertionError("node " + id + " is down already");
        }
        up = null;
        downs++;
    }

    void sendFrame() {
        if (link.isUp()) {
            sent++;
            up.frame(link.sequences().next(), link.sequences().received());
        }
    }

    /** A frame came over a connection that this end has not ended. */
    void frame(SimulatedWire from, long number, long acknowledged) {
        if (from != link.wire() || !link.isUp()) {
            return;
        }
        Fault fault = link.sequences().acknowledged(acknowledged);
        if (fault == null && number > 0) {
            fault = link.sequences().arrived(number, true);
            got += fault == null ? 1 : 0;
        }
        if (fault != null) {
            faults.add(fault);
            if (fault != Fault.REPEAT) {
                link.give(fault);
            }
        }
    }

    void hello(SimulatedWire from, Hello hello) {
        Fault fault = link.hello(from, hello);
        if (fault != null) {
            from.end(fault);
        }
    }
}
