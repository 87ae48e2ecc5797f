package org.dvs.helper.internal;

import java.nio.file.Path;

import org.dvs.procfs.ProcFile;

/** What root inside a user namespace is outside of it. */
final class IdMap {
    private static final String LINE = "\\d{1,10} +\\d{1,10} +\\d{1,10}";

    private IdMap() {
    }

    /**
     * @param root the machine's root folder, {@code /} except in tests
     * @param file {@code uid_map} or {@code gid_map}
     * @return the id that 0 inside is to this process; -1 if nothing is mapped to 0 there, or the process is gone
     */
    static long ofZero(Path root, int pid, String file) {
        ProcFile map = new ProcFile();
        map.read(root.resolve("proc/" + pid + "/" + file).toString());
        // A line for each range: first inside, first outside, how many.
        for (String line : map.text().split("\n")) {
            String[] numbers = line.trim().split(" +");
            if (line.trim().matches(LINE) && Long.parseLong(numbers[0]) == 0 && Long.parseLong(numbers[2]) > 0) {
                return Long.parseLong(numbers[1]);
            }
        }
        return -1;
    }
}
