package org.dvs.agent.host.internal;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

import org.dvs.agent.host.internal.Sockets.Socket;
import org.dvs.procfs.ProcFile;
import org.dvs.procfs.ProcessTable;

/**
 * Which process has a socket open: found in its folder of open files, where this user may look into that. A machine's processes
 * have thousands of files open, and each costs a call, so each socket is looked for first where it was found last, then at
 * whoever waits at its port and in the newest processes. No owner is told that was not read for the request. What was in none of
 * all processes twice (the kernel's own sockets are in none) is not looked for again for a while. Thread-safe.
 */
final class SocketOwners {
    private static final String SOCKET = "socket:[";
    /** Places that are kept; those asked for longest ago go. */
    private static final int MOST = 8_192;
    /** Ids are used again, so that a chain of parents that is read bit by bit could go in a circle. */
    private static final int MOST_PARENTS = 64;
    /** Once is not enough: a connection may just be on its way from one process to another. */
    private static final int LOOKS = 2;
    private static final long FORGET_NANOS = 10_000_000_000L;

    /** @param file number of the open file */
    private record Place(int pid, String file) {
    }

    private final String proc;
    private final LongSupplier nanoTime;
    private final Map<Long, Place> last = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Place> eldest) {
            return size() > MOST;
        }
    });

    /** How often a socket was looked for in vain since {@link #forgot}. */
    private final Map<Long, Integer> vain = new HashMap<>();
    private long forgot;

    /** @param root the machine's root folder, {@code /} except in tests */
    SocketOwners(Path root, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.forgot = nanoTime.getAsLong();
        this.proc = root.resolve("proc") + File.separator;
    }

    /**
     * @param processes of this thread
     * @return process id by inode; of several that have it open the one that opened it, as far as the others are its children
     */
    Map<Long, Integer> of(ProcessTable processes, Collection<Socket> sockets) throws InterruptedException {
        Map<Long, Integer> owners = new HashMap<>();
        Map<Long, Integer> missing = new LinkedHashMap<>();
        Map<Integer, Set<Integer>> atPort = new HashMap<>();
        for (Socket socket : sockets) {
            Place place = last.get(socket.inode());
            if (place != null && inode(place.pid(), place.file()) == socket.inode()) {
                owners.put(socket.inode(), place.pid());
                atPort.computeIfAbsent(socket.localPort(), port -> new HashSet<>()).add(place.pid());
            } else if (socket.inode() != 0) {
                missing.put(socket.inode(), socket.localPort());
            }
        }
        leaveOutNobodys(missing.keySet());
        Set<Integer> likely = new LinkedHashSet<>();
        missing.values().forEach(port -> likely.addAll(atPort.getOrDefault(port, Set.of())));
        Search search = new Search(processes, missing.keySet(), owners);
        for (int pid : likely) {
            search.in(pid);
        }
        int[] pids = missing.isEmpty() ? new int[0] : newestFirst(processes.pids());
        for (int i = 0; i < pids.length && !missing.isEmpty(); i++) {
            if (!likely.contains(pids[i])) {
                search.in(pids[i]);
            }
        }
        inVain(missing.keySet());
        return owners;
    }

    /** Ids are given in a circle: the newest is the one before where the kernel is now, which is told last in loadavg. */
    private int[] newestFirst(int[] ascending) {
        ProcFile file = new ProcFile();
        int last = file.read(proc + "loadavg") ? (int) file.numberAt(file.text().lastIndexOf(' ') + 1) : -1;
        int before = Arrays.binarySearch(ascending, last + 1);
        int start = before < 0 ? -before - 1 : before;
        int[] newest = new int[ascending.length];
        for (int i = 0; i < newest.length; i++) {
            newest[i] = ascending[Math.floorMod(start - 1 - i, newest.length)];
        }
        return newest;
    }

    private void leaveOutNobodys(Set<Long> inodes) {
        synchronized (vain) {
            if (nanoTime.getAsLong() - forgot > FORGET_NANOS || vain.size() > MOST) {
                vain.clear();
                forgot = nanoTime.getAsLong();
            }
            inodes.removeIf(inode -> vain.getOrDefault(inode, 0) >= LOOKS);
        }
    }

    private void inVain(Set<Long> inodes) {
        synchronized (vain) {
            inodes.forEach(inode -> vain.merge(inode, 1, Integer::sum));
        }
    }

    /** One request's. */
    private final class Search {
        private final ProcessTable processes;
        private final Set<Long> missing;
        private final Map<Long, Integer> owners;

        Search(ProcessTable processes, Set<Long> missing, Map<Long, Integer> owners) {
            this.processes = processes;
            this.missing = missing;
            this.owners = owners;
        }

        void in(int pid) throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException("at process " + pid);
            }
            String[] files = new File(proc + pid + "/fd").list();
            for (int i = 0; files != null && i < files.length && !missing.isEmpty(); i++) {
                long inode = inode(pid, files[i]);
                if (missing.remove(inode)) {
                    int opener = opener(pid, files[i], inode);
                    owners.put(inode, opener);
                    last.put(inode, new Place(opener, files[i]));
                }
            }
        }

        /** What a child has by inheritance has the number that it has in its parent. */
        private int opener(int pid, String file, long inode) {
            int opener = pid;
            for (int i = 0; i < MOST_PARENTS; i++) {
                int parent = processes.parent(opener);
                if (parent <= 0 || inode(parent, file) != inode) {
                    break;
                }
                opener = parent;
            }
            return opener;
        }
    }

    /** @return -1 if it is no socket, or is closed by now */
    private long inode(int pid, String file) {
        try {
            String target = Files.readSymbolicLink(Path.of(proc + pid + "/fd/" + file)).toString();
            return target.startsWith(SOCKET) ? Long.parseLong(target.substring(SOCKET.length(), target.length() - 1)) : -1;
        } catch (IOException | NumberFormatException e) {
            return -1;
        }
    }
}
