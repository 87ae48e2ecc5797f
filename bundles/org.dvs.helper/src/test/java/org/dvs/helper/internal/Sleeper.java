package org.dvs.helper.internal;

import java.io.IOException;
import java.nio.file.Path;

import org.dvs.procfs.ProcessTable;
import org.dvs.procfs.UserNames;

/** A process of this machine to do things to; gone when closed. */
final class Sleeper implements AutoCloseable {
    private final Process process;

    Sleeper(String... command) throws IOException {
        process = new ProcessBuilder(command.length == 0 ? new String[] {"/usr/bin/sleep", "300"} : command).start();
    }

    Process process() {
        return process;
    }

    int pid() {
        return (int) process.pid();
    }

    long start() {
        return startOf(pid());
    }

    static long startOf(int pid) {
        return new ProcessTable(Path.of("/"), new UserNames(Path.of("/"))).startTicks(pid);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
