package org.dvs.kernel.api;

import java.nio.ByteBuffer;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The part of a program's memory that copies may reach. A program exposes buffers, passes their addresses in messages, and
 * withdraws them. Addresses begin above 0, fit into 32 bits while less than 4 GiB are exposed, and are not used again soon;
 * nothing outside the exposed buffers can be read or written.
 */
@ProviderType
public interface Memory {
    /**
     * Makes the bytes between the buffer's position and limit reachable; they may be read, and written unless the buffer is
     * read-only, until {@link #withdraw}.
     *
     * @return the address of the first byte
     */
    long expose(ByteBuffer buffer);

    /** Ends what {@link #expose} began. Waits for a copy that is under way; does nothing for an unknown address. */
    void withdraw(long address);
}
