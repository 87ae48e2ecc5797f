package org.dvs.kernel.api;

/**
 * Hears how a call ended that was begun without waiting.
 *
 * <p><b>Threads.</b> Called once, by whichever thread ended the call, which may be the one that began it, before the method
 * that began it returns. Never called under a lock of the kernel, so it may begin the next call; it must not block.
 */
@FunctionalInterface
public interface Completion {
    /** @param rcode 0 or more: success; below 0: an EDVS number */
    void completed(int rcode);
}
