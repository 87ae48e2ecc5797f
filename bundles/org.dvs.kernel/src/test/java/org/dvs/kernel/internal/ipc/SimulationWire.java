package org.dvs.kernel.internal.ipc;

import java.nio.ByteBuffer;
import java.util.Set;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.ProxyPair;

/**
 * One direction between two kernels: a sender proxy here, a receiver proxy there, and a connection that keeps the order, takes
 * its time and breaks. What was on a connection that broke comes in part or not at all; each side hears of the break when it
 * does; a new connection begins after both have, first for the side that sends.
 */
final class SimulationWire {
    private static final long DELAY = 2_000_000;
    /** The other node does not know, or not yet, who notifies: that has no answer. */
    private static final Set<Integer> NOT_TOLD = Set.of(ErrorCode.NOTBIND.rcode(), ErrorCode.ENDPOINT.rcode(),
            ErrorCode.NODCNODE.rcode(),
            ErrorCode.DCNOTRUN.rcode());

    private final SimulationWorld world;
    private final ProxyPair out;
    private final ProxyPair in;
    private int connection;
    private boolean carries;
    private boolean pumping;
    private boolean opening;
    private int disconnects;
    /** Of the connection before this: what was to arrive until then does. */
    private long cut;
    private long lastArrival;

    SimulationWire(SimulationWorld world, ProxyPair out, ProxyPair in) {
        this.world = world;
        this.out = out;
        this.in = in;
        out.onWork(this::work);
    }

    boolean isUp() {
        return carries && !opening;
    }

    void open() {
        if (carries || disconnects > 0) {
            return;
        }
        carries = true;
        opening = true;
        lastArrival = world.now() + 1 + world.below(DELAY);
        out.connectSender();
        world.at(lastArrival, () -> {
            opening = false;
            // Until now, what follows a process that moves could not.
            world.breaks++;
            in.connectReceiver();
        });
    }

    /** Breaks; opens again after a while. */
    void cut(long closedNanos) {
        if (!isUp()) {
            return;
        }
        world.breaks++;
        world.trace(this, "breaks");
        carries = false;
        connection++;
        disconnects = 2;
        cut = world.now() + world.below(DELAY);
        world.at(world.now() + world.below(DELAY), () -> disconnected(out::disconnectSender, closedNanos));
        world.at(cut, () -> disconnected(in::disconnectReceiver, closedNanos));
    }

    private void disconnected(Runnable told, long closedNanos) {
        told.run();
        if (--disconnects == 0) {
            world.at(world.now() + closedNanos, this::open);
        }
    }

    private void work() {
        if (!pumping) {
            pumping = true;
            world.at(world.now() + world.below(DELAY), this::pump);
        }
    }

    private void pump() {
        pumping = false;
        Command command = new Command();
        while (out.poll(command)) {
            carry(copy(command));
            if (world.random.nextInt(3) == 0) {
                work();
                return;
            }
        }
    }

    @Override
    public String toString() {
        return out + " to " + in;
    }

    private static Command copy(Command command) {
        Command copy = new Command().set(command);
        if (command.payload != null) {
            copy.payload = ByteBuffer.allocate(command.payload.remaining()).put(command.payload.duplicate()).flip();
        }
        return copy;
    }

    private void carry(Command command) {
        if (!carries) {
            return;
        }
        int on = connection;
        long arrival = Math.max(lastArrival, world.now() + world.below(DELAY)) + 1;
        lastArrival = arrival;
        world.carried++;
        world.trace(this, "carries " + command + " " + command.message);
        world.at(arrival, () -> {
            if (on == connection || on == connection - 1 && disconnects > 0 && arrival <= cut) {
                int result = in.put2lcl(command);
                world.trace(this, "brings " + command + ", result " + result);
                if (command.code == Command.NTFY_MSG && NOT_TOLD.contains(result)) {
                    world.breaks++;
                }
            }
        });
    }
}
