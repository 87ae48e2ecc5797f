package org.dvs.kernel.internal.ipc;

/** A program of the container that begins its calls, receives among them unless it is a handler, and does not wait. */
class LoopProgram extends LoopEndpoint implements Host {
    private final int pid;
    private final LocalMemory memory = new LocalMemory();

    LoopProgram(int pid) {
        super(false);
        this.pid = pid;
    }

    @Override
    public final int pid() {
        return pid;
    }

    @Override
    public final boolean outside() {
        return false;
    }

    @Override
    public final LocalMemory memory() {
        return memory;
    }

    @Override
    public final LocalMemory programMemory() {
        return memory;
    }

    @Override
    public final void terminate() {
        // Its call ends with SHUTDOWN, or the next one does.
    }

    @Override
    public final void unbound() {
        // Hears it in the same way.
    }
}
