package org.dvs.agent.cgroup.internal;

import java.util.Map;
import java.util.regex.Pattern;

import org.dvs.api.DvsException;
import org.dvs.helper.api.GroupFile;

/** Whether a group limits anything. Stateless; any thread. Source: the kernel's cgroup-v1 and cgroup-v2 documents. */
final class Limits {
    /** What a file holds while it limits nothing. One that is missing limits nothing either. */
    private static final Map<GroupFile, Pattern> NONE = Map.ofEntries(
            Map.entry(GroupFile.CPU_MAX, Pattern.compile("max( \\d+)?")), Map.entry(GroupFile.CPU_WEIGHT, Pattern.compile("100")),
            Map.entry(GroupFile.CPUSET_CPUS, Pattern.compile("\\s*")), Map.entry(GroupFile.MEMORY_LOW, Pattern.compile("0")),
            Map.entry(GroupFile.IO_WEIGHT, Pattern.compile("(default )?100")),
            Map.entry(GroupFile.IO_MAX, Pattern.compile("(\\d+:\\d+( \\w+=max)*\\s*)*")),
            Map.entry(GroupFile.V1_CPU_SHARES, Pattern.compile("1024")), Map.entry(GroupFile.V1_IO_WEIGHT, Pattern.compile("100")),
            Map.entry(GroupFile.V1_IO_READ_BYTES, Pattern.compile("\\s*")),
            Map.entry(GroupFile.V1_IO_WRITE_BYTES, Pattern.compile("\\s*")), Map.entry(GroupFile.V1_IO_READS, Pattern.compile("\\s*")),
            Map.entry(GroupFile.V1_IO_WRITES, Pattern.compile("\\s*")));

    private Limits() {
    }

    /** @param group one that is there, in one tree */
    static boolean any(Group group) throws DvsException {
        for (GroupFile file : GroupFile.values()) {
            if (file.version() == group.version() && group.hierarchy().controllers().contains(file.controller())
                    && limits(group, file)) {
                return true;
            }
        }
        return false;
    }

    private static boolean limits(Group group, GroupFile file) throws DvsException {
        String text = group.text(file.file()).orElse(null);
        if (text == null || file == GroupFile.V1_CPU_PERIOD) {
            return false;
        }
        if (file == GroupFile.V1_CPUSET_CPUS) {
            // A new one has what the group above has.
            String above = group.path().contains("/") ? group.path().substring(0, group.path().lastIndexOf('/')) : "";
            return !text.isEmpty() && !text.equals(new Group(group.hierarchy(), above).text(file.file()).orElse(""));
        }
        Pattern none = NONE.get(file);
        return none != null ? !none.matcher(text).matches() : Group.limit(text) == null || Group.limit(text) >= 0;
    }
}
