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
        Options options = new Options(true, true, true, true, true, DigestKind.NONE);
        link = new Link(new LinkSettings(id, "node" + id, 1 - id, options, 65_536, 3_000, 5_000, 200, 10_000), world.random,
                world.time::nanoTime, this);
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
        ups++;
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
