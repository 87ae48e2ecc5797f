package org.dvs.procfs;

import java.util.Set;

/**
 * A mounted file system, one line of {@code /proc/self/mountinfo}.
 *
 * @param id          of the mount
 * @param parent      id of the mount that it lies on
 * @param device      major:minor
 * @param root        the folder of the file system that is mounted, {@code /} unless it is a bind mount
 * @param options     of the mount, then those of the file system that are not among them; between commas
 * @param propagation private, shared, slave, unbindable, or two of them between commas
 */
public record Mount(int id, int parent, String device, String root, String target, String type, String source, String options,
             String propagation) {
    private static final Set<String> PSEUDO = Set.of("autofs", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs",
            "devpts", "efivarfs", "fuse.gvfsd-fuse", "fuse.lxcfs", "fuse.portal", "fusectl", "hugetlbfs", "mqueue", "nsfs",
                    "proc",
            "pstore", "ramfs", "resctrl", "rpc_pipefs", "securityfs", "selinuxfs", "smackfs", "sysfs", "tracefs");
    private static final Set<String> LOCAL = Set.of("btrfs", "devtmpfs", "erofs", "ext2", "ext3", "ext4", "f2fs", "iso9660",
            "overlay", "squashfs", "tmpfs", "vfat", "xfs", "zfs");

    /** Shows the kernel's own data and has no space to speak of. */
    public boolean pseudo() {
        return PSEUDO.contains(type);
    }

    /** Answers from memory of this machine: asking it cannot hang. */
    public boolean local() {
        return LOCAL.contains(type) || pseudo() && !type.startsWith("fuse") && !type.equals("autofs");
    }

    /** @return true if {@code path}, absolute, lies on or below this mount's target */
    public boolean holds(String path) {
        return target.equals("/") || path.equals(target) || path.startsWith(target) && path.charAt(target.length()) == '/';
    }
}
