package org.dvs.helper.internal;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.procfs.ControlGroups.Hierarchy;

/**
 * One table of nftables, in which a node's groups are told apart: packets that a group sends get the number of its queue and its
 * mark and are counted; what it receives beyond its limit is dropped. Always written whole, in one transaction.
 *
 * <pre>
 * chain out   oifname "eth0" socket cgroupv2 level 3 "dvs.slice/node0/web" counter name out_1 meta priority set d5:1
 * chain in    iifname "eth0" socket cgroupv2 level 3 "dvs.slice/node0/web" limit rate over 125000 bytes/second
 *             burst 65536 bytes counter name in_1 drop
 * </pre>
 * On a machine of version 1 {@code meta cgroup} and the number in the group's {@code net_cls.classid} stand for its path.
 */
final class NetRules {
    /** Handle of the queues that are ours, see {@link NetQueues}. */
    static final int MAJOR = 0xd5;
    /** Where nft looks for groups of version 2, whatever is mounted there. */
    private static final String MOUNTS = "sys/fs/cgroup";
    private static final long LEAST_BURST = 64 * 1024;
    private static final Pattern COUNTER = Pattern.compile("counter (\\w+) \\{\\s+packets (\\d+) bytes (\\d+)");
    private static final int BITS = 8;

    /** What went over a counter. */
    record Count(long packets, long bytes) {
        static final Count NONE = new Count(0, 0);
    }

    private final Path root;
    private final Hierarchy hierarchy;
    private final List<String> subtree;
    private final String table;

    /** @param subtree names that lead to this node's groups; the last one is the node's own */
    NetRules(Path root, Hierarchy hierarchy, List<String> subtree) {
        this.root = root;
        this.hierarchy = hierarchy;
        this.subtree = subtree;
        String node = subtree.get(subtree.size() - 1);
        String name = node.replaceAll("[^A-Za-z0-9_]", "_");
        this.table = "dvs_" + name + (name.equals(node) ? "" : "_" + Integer.toHexString(node.hashCode()));
    }

    static int classOf(NetEntry entry) {
        return MAJOR << 16 | entry.number();
    }

    String table() {
        return table;
    }

    /** @throws DvsException {@code NOSYS} if groups are mounted where nft does not look for them */
    String script(List<NetEntry> entries, Map<String, Count> counts) throws DvsException {
        // Added before it is deleted, as one that is not there cannot be.
        StringBuilder script = new StringBuilder("add table inet " + table + "\ndelete table inet " + table + "\n");
        if (entries.isEmpty()) {
            return script.toString();
        }
        script.append("add table inet ").append(table).append('\n');
        for (String chain : List.of("out { type filter hook output priority 0; }", "in { type filter hook input priority 0; }")) {
            script.append("add chain inet ").append(table).append(' ').append(chain).append('\n');
        }
        for (NetEntry entry : entries) {
            String match = match(entry);
            counter(script, "out_" + entry.number(), counts);
            script.append("add rule inet ").append(table).append(" out oifname \"").append(entry.device()).append("\" ")
                    .append(match)
                    .append(" counter name out_").append(entry.number());
            if (entry.limit().mark() > 0) {
                script.append(" meta mark set ").append(entry.limit().mark());
            }
            if (entry.limit().egressBps() > 0) {
                script.append(String.format(" meta priority set %x:%x", MAJOR, entry.number()));
            }
            script.append('\n');
            counter(script, "in_" + entry.number(), counts);
            if (entry.limit().ingressBps() > 0) {
                script.append("add rule inet ").append(table).append(" in iifname \"").append(entry.device()).append("\" ")
                        .append(match).append(" limit rate over ").append(entry.limit().ingressBps() / BITS)
                        .append(" bytes/second burst ").append(Math.max(LEAST_BURST, entry.limit().burst()))
                        .append(" bytes counter name in_").append(entry.number()).append(" drop\n");
            }
        }
        return script.toString();
    }

    private void counter(StringBuilder script, String name, Map<String, Count> counts) {
        Count count = counts.getOrDefault(name, Count.NONE);
        script.append("add counter inet ").append(table).append(' ').append(name).append(" { packets ").append(count.packets())
                .append(" bytes ").append(count.bytes()).append(" }\n");
    }

    private String match(NetEntry entry) throws DvsException {
        if (hierarchy.version() == 1) {
            return String.format("meta cgroup 0x%x", classOf(entry));
        }
        String path = place(String.join("/", subtree) + "/" + entry.path());
        long level = subtree.size() + entry.path().names().size()
                + List.of(hierarchy.mounted().split("/")).stream().filter(name -> !name.isEmpty()).count();
        return "socket cgroupv2 level " + level + " \"" + path + "\"";
    }

    /** A group as nft finds it. @throws DvsException {@code NOSYS} */
    private String place(String path) throws DvsException {
        Path mounts = root.resolve(MOUNTS);
        if (!hierarchy.folder().startsWith(mounts)) {
            throw new DvsException(ErrorCode.NOSYS, "not supported here, because groups of version 2 are mounted at "
                    + hierarchy.folder() + ", where nft does not look");
        }
        String place = mounts.relativize(hierarchy.folder()).toString();
        return (place.isEmpty() ? "" : place + "/") + path;
    }

    /** Rules of every kind that is used, for a trial: the top of all groups is always there. */
    String trial() throws DvsException {
        String match = hierarchy.version() == 1 ? "meta cgroup 0x1" : "socket cgroupv2 level 1 \"" + place(".") + "\"";
        return "add table inet trial\nadd chain inet trial out { type filter hook output priority 0; }\n"
                + "add counter inet trial sent\nadd rule inet trial out " + match + " counter name sent meta mark set 1"
                + " meta priority set 1:1\nadd rule inet trial out " + match
                + " limit rate over 1000 bytes/second burst 1000 bytes drop\n";
    }

    /** Counts by the counters' names; empty if the table is not there (any more). */
    Optional<Map<String, Count>> counts(NetTools tools) throws DvsException, InterruptedException {
        String text;
        try {
            text = tools.run(null, "nft", "list", "counters", "table", "inet", table);
        } catch (DvsException e) {
            if (e.code() == ErrorCode.NOENT) {
                return Optional.empty();
            }
            throw e;
        }
        Map<String, Count> counts = new HashMap<>();
        Matcher matcher = COUNTER.matcher(text);
        while (matcher.find()) {
            counts.put(matcher.group(1), new Count(Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3))));
        }
        return Optional.of(counts);
    }
}
