package org.dvs.kernel.api;

import java.util.BitSet;

/**
 * What a process may do: {@code priv_usr_t}.
 *
 * <p>Source: dvs-kernel reference 4.5 and 7.2.
 *
 * @param id      index of the privileges: the slot for a system process, nr_sysprocs for users
 * @param level   0 user, 1 server, 2 task, 3 system, 4 kernel, 5 proxy
 * @param warn    stored, not used by the kernel
 * @param ipcTo   system slots it may address; bit 0 is the lowest task
 * @param allowed calls it may make, bits of {@link Call#bit}
 */
public record Privileges(int id, int level, int warn, BitSet ipcTo, long allowed) {
    public static final int MAX_LEVEL = 5;

    public Privileges {
        ipcTo = (BitSet) Given.argument(ipcTo, "ipcTo").clone();
    }

    @Override
    public BitSet ipcTo() {
        return (BitSet) ipcTo.clone();
    }
}
