package org.dvs.kernel.internal.ipc;

/** What a bound process is to the rest of the node: a thread of the container, a handler, a program at the gate. */
public interface Host {
    /** Process id as the operating system has it. */
    int pid();

    /** Whether it is in a process of its own, so that its pid tells it from others. */
    boolean outside();

    /** Its memory, as far as it has exposed it. */
    ProgramMemory programMemory();

    /** Asks it to end. Called under the kernel's lock: must only pass it on. */
    void terminate();

    /** It is unbound, for whatever reason. Called under the kernel's lock: must only pass it on. */
    void unbound();
}
