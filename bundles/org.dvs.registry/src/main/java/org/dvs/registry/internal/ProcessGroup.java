package org.dvs.registry.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program and all that it starts. It leads a process group of its own (through {@code setsid}), so that it can be ended whole:
 * the group, and also descendants that have left the group but still hang on the program.
 */
final class ProcessGroup {
    private static final long SIGNAL_LIMIT_MS = 2_000;

    private final Process leader;
    private final boolean grouped;

    private ProcessGroup(Process leader, boolean grouped) {
        this.leader = leader;
        this.grouped = grouped;
    }

    /** @param builder with the program and its arguments */
    static ProcessGroup start(ProcessBuilder builder) throws IOException {
        Optional<Path> setsid = tool("setsid");
        setsid.ifPresent(path -> builder.command().add(0, path.toString()));
        return new ProcessGroup(builder.start(), setsid.isPresent());
    }

    private static Optional<Path> tool(String name) {
        return Stream.of("/usr/bin/", "/bin/").map(folder -> Path.of(folder + name)).filter(Files::isExecutable).findFirst();
    }

    Process leader() {
        return leader;
    }

    /** Asks all of them to end; after {@code graceMs} none is left. */
    void end(long graceMs) {
        List<ProcessHandle> descendants = new ArrayList<>(leader.descendants().toList());
        signal("TERM");
        descendants.forEach(ProcessHandle::destroy);
        leader.destroy();
        boolean interrupted = false;
        try {
            leader.waitFor(graceMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        leader.descendants().forEach(descendants::add);
        signal("KILL");
        descendants.forEach(ProcessHandle::destroyForcibly);
        leader.destroyForcibly();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends what the program left in its group; it has ended itself. */
    void sweep() {
        signal("KILL");
    }

    /** Java signals single processes only. */
    private void signal(String name) {
        Optional<Path> kill = tool("kill");
        if (!grouped || kill.isEmpty()) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            Process signal = new ProcessBuilder(kill.get().toString(), "-" + name, "--", "-" + leader.pid())
                    .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            if (!signal.waitFor(SIGNAL_LIMIT_MS, TimeUnit.MILLISECONDS)) {
                signal.destroyForcibly();
            }
        } catch (IOException e) {
            // The descendants are ended one by one as well.
            leader.destroyForcibly();
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
