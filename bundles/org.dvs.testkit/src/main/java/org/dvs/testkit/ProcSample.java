package org.dvs.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Builds a root folder that looks like a recorded machine's. */
public final class ProcSample {
    private final Path root;

    public ProcSample(Path root) throws IOException {
        this.root = root;
        Files.createDirectories(root.resolve("proc/self"));
        Files.createDirectories(root.resolve("etc"));
    }

    public Path root() {
        return root;
    }

    public ProcSample file(String path, String text) throws IOException {
        return file(path, text.getBytes(StandardCharsets.UTF_8));
    }

    public ProcSample file(String path, byte[] bytes) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        return this;
    }

    /** A process as Debian 12 (Linux 6.1) shows it; {@code tail} are the fields behind the name. */
    public ProcSample process(int pid, String name, String tail, long uid, String rss, byte[] cmdline) throws IOException {
        file("proc/" + pid + "/stat", pid + " (" + name + ") " + tail + "\n");
        file("proc/" + pid + "/status", "Name:\t" + name.replace("\n", "\\n") + "\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t" + pid
                + "\nUid:\t" + uid + "\t" + uid + "\t" + uid + "\t" + uid + "\nGid:\t0\t0\t0\t0\n"
                + (rss == null ? "" : "VmPeak:\t    9000 kB\nVmRSS:\t" + rss + " kB\n") + "Threads:\t1\n");
        return file("proc/" + pid + "/cmdline", cmdline);
    }
}
