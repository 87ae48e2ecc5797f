package org.dvs.helper.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Printable;
import org.dvs.helper.program.CommandResult;
import org.dvs.helper.program.CommandRunner;

/** Runs the programs that set up networks; none of them is told a word that was not made or checked here. Any thread. */
final class NetTools {
    private static final long LIMIT_MS = 10_000;
    private static final int OUTPUT = 256 * 1024;

    private final Path root;
    private final CommandRunner runner;
    private final List<String> before;

    /** @param before a command and its options that run the tools elsewhere, such as in another network; empty for here */
    NetTools(Path root, CommandRunner runner, List<String> before) {
        this.root = root;
        this.runner = runner;
        this.before = List.copyOf(before);
    }

    /** The same with another command before the tools. */
    NetTools behind(List<String> command) {
        return new NetTools(root, runner, command);
    }

    /** @return absolute path of a program; empty if it is not installed */
    Optional<String> program(String name) {
        return Stream.of("usr/sbin", "usr/bin", "sbin", "bin").map(folder -> root.resolve(folder).resolve(name))
                .filter(Files::isExecutable).map(Path::toString).findFirst();
    }

    /**
     * @param stdin null for none
     * @return what the program printed
     * @throws DvsException {@code NOENT} also for an interface that is not there; {@code PERM}, {@code NOSYS}, {@code BUSY},
     *                      {@code NODEV} for an interface that cannot do this; {@code BUSY} for what else the kernel refuses
     */
    String run(String stdin, String name, String... words) throws DvsException, InterruptedException {
        List<String> command = new ArrayList<>(before);
        command.add(program(name).orElseThrow(() -> new DvsException(ErrorCode.NOENT, "there is no program " + name)));
        command.addAll(List.of(words));
        CommandResult result = runner.run(command, stdin, LIMIT_MS, OUTPUT);
        if (result.exitCode() != 0) {
            String err = result.err();
            ErrorCode code = err.contains("not permitted") || err.contains("Permission denied") ? ErrorCode.PERM
                    : err.contains("kind is unknown") || err.contains("Unknown qdisc") || err.contains("not supported")
                    ? ErrorCode.NOSYS
                    : err.contains("Cannot find device") || err.contains("No such") || err.contains("does not exist")
                    || err.contains("Invalid handle") ? ErrorCode.NOENT
                    : err.contains("File exists") || err.contains("Exclusivity") ? ErrorCode.BUSY
                    : err.contains("is expected rather than") || err.contains("Invalid argument") ? ErrorCode.INVAL
                    : err.contains("immutable") ? ErrorCode.NODEV : result.overdue() ? ErrorCode.TIMEDOUT : ErrorCode.BUSY;
            throw new DvsException(code, name + ": " + Printable.line(err.lines().filter(line -> !line.isBlank()).findFirst()
                    .orElse("no reason was given"), 200));
        }
        return result.out();
    }
}
