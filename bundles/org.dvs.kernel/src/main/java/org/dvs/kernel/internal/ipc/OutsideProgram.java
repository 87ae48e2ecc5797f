package org.dvs.kernel.internal.ipc;

/** A program in a process of its own; it may wait for another one to bind it. */
public abstract class OutsideProgram extends LoopEndpoint implements Host {
    protected OutsideProgram() {
        super(true);
    }

    @Override
    public final boolean outside() {
        return true;
    }

    /** What it is called in listings. */
    protected abstract String givenName();

    /** It is bound now, as it wanted. Called without a lock. */
    protected abstract void boundByAnother();
}
