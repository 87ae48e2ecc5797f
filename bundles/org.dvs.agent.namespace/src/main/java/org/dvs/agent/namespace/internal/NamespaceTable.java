package org.dvs.agent.namespace.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.dvs.procfs.NamespaceKind;
import org.dvs.procfs.ProcessEntry;
import org.dvs.procfs.ProcessTable;
import org.dvs.procfs.UserNames;

/**
 * The namespaces of one kind that processes of this machine are in, as {@code lsns} finds them: of processes that this one may
 * look
 * at. Used by one thread.
 */
final class NamespaceTable {
    /**
     * @param lead  lowest process id in it
     * @param count processes in it
     */
    record Namespace(long inode, int count, ProcessEntry lead) {
    }

    private final Path root;
    private final NamespaceKind kind;
    private final UserNames users;

    NamespaceTable(Path root, NamespaceKind kind) {
        this.root = root;
        this.kind = kind;
        this.users = new UserNames(root);
        users.refresh();
    }

    /** By inode. */
    Collection<Namespace> all() throws InterruptedException {
        ProcessTable processes = new ProcessTable(root, users);
        Map<Long, int[]> found = new TreeMap<>();
        for (int pid : processes.pids()) {
            long inode = kind.inode(root, pid);
            if (inode >= 0) {
                // Ids come ascending: the first is the lowest.
                found.computeIfAbsent(inode, key -> new int[] {pid, 0})[1]++;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("at process " + pid);
            }
        }
        Collection<Namespace> all = new ArrayList<>();
        for (Map.Entry<Long, int[]> each : found.entrySet()) {
            Optional<ProcessEntry> lead = processes.read(each.getValue()[0], -1, null);
            // Its only process ended meanwhile: so did the namespace, or it is somebody else's to show.
            lead.ifPresent(entry -> all.add(new Namespace(each.getKey(), each.getValue()[1], entry)));
        }
        return all;
    }
}
