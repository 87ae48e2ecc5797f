package org.dvs.kernel.internal.ipc;

/** A program of the container that begins its calls, receives among them, and does not wait. */
final class LoopProgram extends LoopEndpoint implements Host {
    private final int pid;
    private final LocalMemory memory = new LocalMemory();

    LoopProgram(int pid) {
        super(false);
        this.pid = pid;
    }

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public boolean outside() {
        return false;
    }

    @Override
    public LocalMemory memory() {
        return memory;
    }

    @Override
    public LocalMemory programMemory() {
        return memory;
    }

    @Override
    public void terminate() {
        // Its call ends with SHUTDOWN, or the next one does.
    }

    @Override
    public void unbound() {
        // Hears it in the same way.
    }
}
