package org.dvs.agent.host.internal;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import org.dvs.procfs.ProcessTable;

/** Which process has a socket open: found in its folder of open files, where this user may look into that. */
final class SocketOwners {
    private static final String SOCKET = "socket:[";

    private SocketOwners() {
    }

    /**
     * @param inodes of the sockets asked for
     * @return process id by inode; the lowest, where several have it open
     */
    static Map<Long, Integer> of(Path root, ProcessTable processes, Set<Long> inodes) throws InterruptedException {
        Map<Long, Integer> owners = new HashMap<>();
        for (int pid : processes.pids()) {
            if (owners.size() == inodes.size()) {
                break;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("at process " + pid);
            }
            Path folder = root.resolve("proc/" + pid + "/fd");
            String[] files = folder.toFile().list();
            for (String file : files == null ? new String[0] : files) {
                long inode = inode(folder + File.separator + file);
                if (inodes.contains(inode)) {
                    owners.putIfAbsent(inode, pid);
                }
            }
        }
        return owners;
    }

    /** @return -1 if it is no socket, or is closed by now */
    private static long inode(String file) {
        try {
            String target = Files.readSymbolicLink(Path.of(file)).toString();
            return target.startsWith(SOCKET) ? Long.parseLong(target.substring(SOCKET.length(), target.length() - 1)) : -1;
        } catch (IOException | NumberFormatException e) {
            return -1;
        }
    }
}
