package org.dvs.helper.internal;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.procfs.NamespaceKind;
import org.dvs.procfs.ProcFile;

/**
 * A program that has a place already and has not begun: it begins when the gate is opened. Needed because Linux starts a program
 * first and lets one look at its namespaces and move it into groups only then. Used by one thread.
 *
 * <p>The gate is a fixed line for {@code sh}, which gets the program as an argument vector: no word of a request is ever read
 * by it.
 */
final class Gate implements AutoCloseable {
    /** Waits for a line, then becomes the program whose words follow. */
    static final List<String> COMMAND = List.of("/bin/sh", "-c", "read -r gate && exec \"$@\"", "gate");
    /** What opens it. */
    static final String OPEN = "\n";
    private static final List<String> QUIET = List.of("/bin/sh", "-c", "read -r gate && exec \"$@\" >/dev/null 2>&1", "gate");
    private static final long LIMIT_NANOS = 15_000_000_000L;

    private final Process process;
    private final NamespaceKind kind;
    private boolean opened;

    private Gate(Process process, NamespaceKind kind) {
        this.process = process;
        this.kind = kind;
    }

    /**
     * @param outer   unshare with its options, which runs what follows
     * @param program behind the gate
     */
    static Gate behind(List<String> outer, List<String> program, NodeUser user, NamespaceKind kind) throws DvsException {
        List<String> inner = new ArrayList<>(outer);
        inner.addAll(QUIET);
        inner.addAll(program);
        List<String> words = new ArrayList<>(List.of("/usr/bin/setsid"));
        // A user namespace is made by the user that it is for, who is root in there and nobody outside.
        words.addAll(kind == NamespaceKind.USER ? user.dropped(inner) : inner);
        ProcessBuilder builder = new ProcessBuilder(words).directory(new File("/")).redirectOutput(Redirect.DISCARD);
        builder.environment().keySet().retainAll(List.of("PATH"));
        try {
            return new Gate(builder.start(), kind);
        } catch (IOException e) {
            throw new DvsException(ErrorCode.NOENT, words.get(0) + " cannot be started", e);
        }
    }

    /** @return id of the process behind the gate, which is in its new namespace */
    int await(Path root, NamespaceKind wanted) throws DvsException, InterruptedException {
        long own = wanted.inode(root, (int) ProcessHandle.current().pid());
        long deadline = System.nanoTime() + LIMIT_NANOS;
        while (System.nanoTime() < deadline) {
            int pid = inner(root);
            long inode = pid < 0 ? -1 : wanted.inode(root, pid);
            if (inode >= 0 && inode != own && atGate(root, pid)) {
                return pid;
            }
            if (process.waitFor(1, TimeUnit.MILLISECONDS)) {
                throw Namespaces.refused(errors(), "a new " + wanted.file() + " namespace");
            }
        }
        throw new DvsException(ErrorCode.TIMEDOUT, "a new " + wanted.file() + " namespace was not made in time");
    }

    /** With a PID namespace the process that is in it is the child of the one that was started. */
    private int inner(Path root) {
        if (kind != NamespaceKind.PID) {
            return (int) process.pid();
        }
        ProcFile children = new ProcFile();
        children.read(root.resolve("proc/" + process.pid() + "/task/" + process.pid() + "/children").toString());
        return (int) children.numberAt(0);
    }

    /** Whether all that comes before has become the shell, with maps of ids written. */
    private static boolean atGate(Path root, int pid) {
        try {
            return Files.readString(root.resolve("proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1)
                    .startsWith(COMMAND.get(0) + "\0");
        } catch (IOException e) {
            return false;
        }
    }

    private String errors() {
        try {
            byte[] bytes = process.getErrorStream().readNBytes(512);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    void open() throws DvsException {
        try (OutputStream in = process.getOutputStream()) {
            in.write(OPEN.getBytes(StandardCharsets.US_ASCII));
            opened = true;
        } catch (IOException e) {
            throw new DvsException(ErrorCode.SRCH, "what was started in the namespace ended at once", e);
        }
    }

    /** Ends the process if the gate was never opened. */
    @Override
    public void close() {
        if (!opened) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        try {
            process.getErrorStream().close();
        } catch (IOException e) {
            // Nothing is left to be lost.
            opened = true;
        }
    }
}
