package org.dvs.helper.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Printable;
import org.dvs.helper.api.ContainerEngine;
import org.dvs.helper.api.ContainerEngine.Verb;
import org.dvs.helper.api.HelperReply;
import org.dvs.helper.api.HelperRequest.ContainerCall;
import org.dvs.helper.internal.PodmanAnswers.Question;
import org.dvs.helper.program.CommandResult;
import org.dvs.helper.program.CommandRunner;

/** Asks a container engine by its own program; what it is told is made here, word by word. Any thread. */
final class Engines {
    /** A line for each container: id, name, image, state, process, when made (RFC 3339, quoted), ports. */
    private static final String FORMAT = "{{.Id}}\t{{.Name}}\t{{.Config.Image}}\t{{.State.Status}}\t{{.State.Pid}}\t"
            + "{{json .Created}}\t"
            + "{{range $port, $to := .NetworkSettings.Ports}}{{$port}} {{end}}";
    private static final int OUTPUT = 256 * 1024;
    private static final String STOP_SECONDS = "10";

    private final Path root;
    private final CommandRunner runner;
    private final PodmanAnswers podman;

    Engines(Path root, CommandRunner runner) {
        this.root = root;
        this.runner = runner;
        this.podman = new PodmanAnswers(root, System::currentTimeMillis);
    }

    HelperReply call(ContainerCall call) throws DvsException, InterruptedException {
        String program = call.engine().program(root).orElseThrow(
                () -> new DvsException(ErrorCode.NOENT, "there is no program " + call.engine().word()));
        List<String> words = words(program, call);
        Question question = () -> runner.run(words, null, call.timeoutMs(), OUTPUT);
        boolean reads = call.verb() == Verb.LIST || call.verb() == Verb.INSPECT;
        CommandResult result = reads && call.engine() == ContainerEngine.PODMAN ? podman.to(words, question) : question.ask();
        if (result.overdue()) {
            throw new DvsException(ErrorCode.TIMEDOUT, program + " gave no answer in time");
        }
        if (result.exitCode() != 0) {
            throw refused(result.err(), program);
        }
        return HelperReply.of(result);
    }

    static List<String> words(String program, ContainerCall call) {
        List<String> words = new ArrayList<>(List.of(program));
        switch (call.verb()) {
            case LIST -> words.addAll(List.of("ps", "--all", "--quiet", "--no-trunc"));
            case INSPECT -> words.addAll(List.of("inspect", "--type", "container", "--format", FORMAT));
            case START -> words.add("start");
            case STOP -> words.addAll(List.of("stop", "--time", STOP_SECONDS));
            case REMOVE -> words.add("rm");
            case RUN -> {
                // Nothing is fetched, no folder of this machine is given, and no right beyond what the engine gives everybody.
                words.addAll(List.of("run", "--detach", "--pull=never", "--security-opt", "no-new-privileges"));
                if (call.memory() > 0) {
                    words.add("--memory=" + call.memory() + "b");
                }
                if (call.milliCpus() > 0) {
                    words.add(String.format(Locale.ROOT, "--cpus=%.3f", call.milliCpus() / 1e3));
                }
            }
        }
        words.addAll(call.operands());
        return words;
    }

    private static DvsException refused(String err, String program) {
        String text = err.toLowerCase(Locale.ROOT);
        ErrorCode code = text.contains("no such") || text.contains("unable to find image") || text.contains("not known")
                ? ErrorCode.NOENT
                : text.contains("permission denied") ? ErrorCode.ACCES
                : text.contains("cannot connect") || text.contains("connection refused") ? ErrorCode.CONNREFUSED
                : text.contains("remove a running") || text.contains("is running") || text.contains("in use") ? ErrorCode.BUSY
                : ErrorCode.IO;
        return new DvsException(code, program + ": " + Printable.line(err.lines().findFirst().orElse("it said nothing"), 200));
    }
}
