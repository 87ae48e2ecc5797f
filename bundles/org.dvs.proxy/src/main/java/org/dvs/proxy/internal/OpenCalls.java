package org.dvs.proxy.internal;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.DcInfo;
import org.dvs.kernel.api.Kernel;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.kernel.api.ProcessInfo;

/**
 * Whether programs of this node wait for the answer of another one to what has left this node. Those whose command still waits
 * for the sender do not count: nothing of theirs is in doubt. Of copies the kernel does not show which nodes they concern.
 */
final class OpenCalls {
    private OpenCalls() {
    }

    /** Any thread. Looks at every process of every DC, so it is not for every message. */
    static boolean any(Kernel kernel, int node) {
        try {
            for (DcInfo dc : kernel.dcs()) {
                if (any(kernel.processes(dc.settings().dcid()), node)) {
                    return true;
                }
            }
            return false;
        } catch (DvsException e) {
            // A DVS or a DC that has just ended has told whoever waited.
            return false;
        }
    }

    private static boolean any(List<ProcessInfo> processes, int node) {
        Set<Integer> there = processes.stream().filter(each -> isRemote(each) && each.node() == node).map(ProcessInfo::endpoint)
                .collect(Collectors.toSet());
        return processes.stream().anyMatch(each -> !isRemote(each) && waits(each, there));
    }

    private static boolean isRemote(ProcessInfo process) {
        return (process.flags() & ProcessFlags.REMOTE) != 0;
    }

    private static boolean waits(ProcessInfo process, Set<Integer> there) {
        boolean sends = (process.flags() & ProcessFlags.SENDING) != 0 && there.contains(process.sendTo());
        boolean asks = (process.flags() & ProcessFlags.RECEIVING) != 0 && (process.misc() & ProcessFlags.ATOMIC) != 0
                && there.contains(process.getFrom());
        return (process.flags() & ProcessFlags.RMTOPER) == 0 && (sends || asks);
    }
}
