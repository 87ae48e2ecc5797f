package org.dvs.kernel.internal.ipc;

import java.nio.ByteBuffer;

import org.dvs.kernel.api.Completion;

/** Memory of a program in another process: it answers after a while. */
final class SimulationMemory implements ProgramMemory {
    /** Other nodes know no memory's limit: no pair may allow more. */
    static final int MAX_BYTES = 48;
    private static final long DELAY = 500_000;

    private final SimulationWorld world;
    private final LocalMemory memory;
    /** Reads and writes that have not been answered. */
    int busy;

    SimulationMemory(SimulationWorld world, LocalMemory memory) {
        this.world = world;
        this.memory = memory;
    }

    @Override
    public void read(long address, int length, Reader reader) {
        busy++;
        world.at(world.now() + world.below(DELAY), () -> {
            busy--;
            memory.read(address, length, reader);
        });
    }

    @Override
    public void write(long address, ByteBuffer data, Completion done) {
        busy++;
        ByteBuffer taken = ByteBuffer.allocate(data.remaining()).put(data.duplicate()).flip();
        world.at(world.now() + world.below(DELAY), () -> {
            busy--;
            memory.write(address, taken, done);
        });
    }

    @Override
    public int maxBytes() {
        return MAX_BYTES;
    }
}
