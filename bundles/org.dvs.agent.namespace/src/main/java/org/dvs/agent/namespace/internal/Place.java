package org.dvs.agent.namespace.internal;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.api.Helper;
import org.dvs.helper.api.HelperRequest.NamespaceParents;
import org.dvs.helper.api.HelperRequest.NamespacesOf;
import org.dvs.helper.target.Targets;
import org.dvs.kernel.api.DcInfo;
import org.dvs.procfs.NamespaceKind;

/** What the requests of all kinds share: the machine, its processes, the helper. Thread-safe. */
final class Place {
    private final Path root;
    private final Targets.Source kernel;
    private final Targets targets;
    private final Helper helper;

    Place(Path root, Targets.Source kernel, Helper helper) {
        this.root = root;
        this.kernel = kernel;
        this.targets = new Targets(root, kernel);
        this.helper = helper;
    }

    Path root() {
        return root;
    }

    Targets targets() {
        return targets;
    }

    Helper helper() {
        return helper;
    }

    void requireSupport(NamespaceKind kind) throws DvsException {
        if (!kind.supported(root)) {
            throw new DvsException(ErrorCode.INVAL, "not supported here, because this kernel has no " + kind.file()
                    + " namespaces");
        }
    }

    /** @throws DvsException {@code SRCH} if there is no such process; {@code PERM} if it may not be looked at */
    long inode(NamespaceKind kind, int pid) throws DvsException {
        targets.ofProcess(pid);
        long inode = kind.inode(root, pid);
        if (inode < 0) {
            throw new DvsException(ErrorCode.PERM, "the namespaces of process " + pid
                    + " may not be looked at by the node's user");
        }
        return inode;
    }

    /** The inode of the namespace that a DC has; -1 if it has none of the kind. */
    long ofDc(NamespaceKind kind, int dcid) throws DvsException, InterruptedException {
        List<Long> numbers = helper.ask(new NamespacesOf(dcid)).numbers();
        for (int i = 0; i + 2 < numbers.size(); i += 3) {
            if (numbers.get(i) == kind.ordinal()) {
                return kind.inode(root, numbers.get(i + 1).intValue());
            }
        }
        return -1;
    }

    /** Inode of each namespace that has one above it, to that one's; nothing for kinds that know no order, or without helper. */
    Map<Long, Long> parents(NamespaceKind kind) throws InterruptedException {
        Map<Long, Long> parents = new HashMap<>();
        if (kind == NamespaceKind.PID || kind == NamespaceKind.USER) {
            try {
                List<Long> numbers = helper.ask(new NamespaceParents(kind)).numbers();
                for (int i = 0; i + 1 < numbers.size(); i += 2) {
                    parents.put(numbers.get(i), numbers.get(i + 1));
                }
            } catch (DvsException e) {
                // Unknown is what 0 says; the rest of the row is there all the same.
                return parents;
            }
        }
        return parents;
    }

    /** Inode to DC, for those that have one; of no DC while this node has no DVS. */
    Map<Long, Integer> dcs(NamespaceKind kind) throws DvsException, InterruptedException {
        Map<Long, Integer> dcs = new HashMap<>();
        List<DcInfo> running;
        try {
            running = kernel.get().dcs();
        } catch (DvsException e) {
            // No DVS, so no DC.
            return dcs;
        }
        for (DcInfo dc : running) {
            long inode = ofDc(kind, dc.settings().dcid());
            if (inode >= 0) {
                dcs.put(inode, dc.settings().dcid());
            }
        }
        return dcs;
    }
}
