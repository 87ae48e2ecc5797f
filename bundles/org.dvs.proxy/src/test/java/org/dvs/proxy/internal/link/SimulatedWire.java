package org.dvs.proxy.internal.link;

import org.dvs.proxy.internal.frame.Fault;
import org.dvs.proxy.internal.frame.Hello;

/** One end of a simulated connection: in order, late, and lost from some point on when it is cut. */
final class SimulatedWire implements Wire {
    private final SimulatedLinks world;
    private final SimulatedEnd owner;
    private SimulatedWire other;
    private long lastArrival;
    /** What would arrive later does not. */
    private long cutAt = Long.MAX_VALUE;
    boolean ended;

    SimulatedWire(SimulatedLinks world, SimulatedEnd owner) {
        this.world = world;
        this.owner = owner;
    }

    void join(SimulatedWire peer) {
        other = peer;
        peer.other = this;
    }

    private void carry(Runnable arrives) {
        SimulatedWire to = other;
        lastArrival = Math.max(lastArrival, world.time.nanoTime() + world.delay());
        long at = lastArrival;
        world.at(at, () -> {
            if (!to.ended && at <= to.cutAt) {
                arrives.run();
            }
        });
    }

    @Override
    public void hello(Hello hello) {
        SimulatedWire to = other;
        carry(() -> to.owner.hello(to, hello));
    }

    @Override
    public void welcome(Hello hello) {
        SimulatedWire to = other;
        carry(() -> {
            Fault fault = to.owner.link.welcome(to, hello);
            if (fault != null) {
                to.end(fault);
            }
        });
    }

    @Override
    public void end(Fault why) {
        SimulatedWire to = other;
        if (!ended) {
            ended = true;
            carry(() -> {
                to.ended = true;
                to.owner.link.ended(to, why);
            });
        }
    }

    void frame(long number, long acknowledged) {
        SimulatedWire to = other;
        carry(() -> to.owner.frame(to, number, acknowledged));
    }

    /** The network breaks it: each end hears of it at some time, and of nothing after some time. */
    void cut() {
        for (SimulatedWire end : new SimulatedWire[] {this, other}) {
            if (end.cutAt == Long.MAX_VALUE) {
                end.cutAt = world.time.nanoTime() + world.delay();
                world.at(end.cutAt + world.delay(), () -> {
                    if (!end.ended) {
                        end.ended = true;
                        end.owner.link.ended(end, Fault.LOST);
                    }
                });
            }
        }
    }

    boolean isOtherEndOf(SimulatedWire wire) {
        return other == wire;
    }

    @Override
    public String where() {
        return "node " + (1 - owner.id);
    }
}
