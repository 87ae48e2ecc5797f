package org.dvs.procfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kinds of namespace that requests name, with what the kernel and util-linux call them. Source: dvsd reference 8; mount has
 * no
 * suffix in CLONE_NEWNS, which is why its request is NSNS.
 */
public enum NamespaceKind {
    CGROUP("cgroup", "cgroup"), IPC("ipc", "ipc"), NET("net", "net"), MNT("mnt", "mount"), PID("pid", "pid"), USER("user",
            "user"),
    UTS("uts", "uts");

    private static final Pattern LINK = Pattern.compile("[a-z]+:\\[(\\d{1,18})]");

    private final String file;
    private final String option;

    NamespaceKind(String file, String option) {
        this.file = file;
        this.option = option;
    }

    /** Its file below {@code /proc/<pid>/ns}. */
    public String file() {
        return file;
    }

    /** As {@code unshare} and {@code nsenter} name it, without dashes. */
    public String option() {
        return option;
    }

    /** @return whether this machine's kernel has the kind */
    public boolean supported(Path root) {
        return Files.exists(root.resolve("proc/self/ns").resolve(file), java.nio.file.LinkOption.NOFOLLOW_LINKS);
    }

    /** @return the inode that names the namespace of a process; -1 if it is gone or may not be looked at */
    public long inode(Path root, int pid) {
        try {
            Matcher link = LINK.matcher(Files.readSymbolicLink(root.resolve("proc/" + pid + "/ns/" + file)).toString());
            return link.matches() ? Long.parseLong(link.group(1)) : -1;
        } catch (IOException e) {
            return -1;
        }
    }
}
