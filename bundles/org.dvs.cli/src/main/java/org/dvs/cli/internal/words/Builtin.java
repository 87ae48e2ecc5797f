package org.dvs.cli.internal.words;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.dvs.api.Role;

/** Commands that the command line answers itself; they win over requests with the same words. */
public enum Builtin {
    HELP(List.of("help"), null, "[COMMAND...]", "how to use a command"),
    REQUESTS(List.of("requests"), Role.VIEWER, "", "all requests that are served, with their commands"),
    VERSION(List.of("version"), Role.VIEWER, "", "version of this node"),
    JOB_LIST(List.of("job", "list"), Role.VIEWER, "", "jobs this node has taken, newest first"),
    JOB_INFO(List.of("job", "info"), Role.VIEWER, "JOB", "what came of a job so far"),
    JOB_WATCH(List.of("job", "watch"), Role.VIEWER, "JOB", "rows of a job as they come, until it ends"),
    JOB_CANCEL(List.of("job", "cancel"), Role.VIEWER, "JOB", "end a job that is under way, and its work on all nodes"),
    JOB_RETRY(List.of("job", "retry"), Role.VIEWER, "JOB", "run a job again for its nodes that were not ok"),
    COMPLETION(List.of("completion"), Role.VIEWER, "bash|zsh", "completion for a shell: source <(dvs completion bash)"),
    MAN(List.of("man"), Role.VIEWER, "", "the manual page: dvs man | man -l -"),
    /** For the completion of shells: prints candidates for the last word. Not in any help. */
    COMPLETE(List.of("__complete"), Role.VIEWER, "WORD...", ""),
    /** For the script {@code dvs}, which looks every second while nodes start: {@code node list}, in no list of jobs or help. */
    NODES(List.of("__nodes"), Role.VIEWER, "", "");

    private final List<String> command;
    private final Role role;
    private final String operands;
    private final String help;

    Builtin(List<String> command, Role role, String operands, String help) {
        this.command = command;
        this.role = role;
        this.operands = operands;
        this.help = help;
    }

    public List<String> command() {
        return command;
    }

    /** @return words as people write them too, {@code jobs show}, as those of the command: {@code job info} */
    static List<String> canonical(List<String> words) {
        if (words.size() < 2 || !words.get(0).equals("jobs") && !words.get(0).equals("job")) {
            return words;
        }
        List<String> canonical = new ArrayList<>(words);
        canonical.set(0, "job");
        canonical.set(1, words.get(1).equals("show") ? "info" : words.get(1));
        return canonical;
    }

    /** Needed to run it; empty for what everybody may who could log in. A job needs the role of its request besides. */
    public Optional<Role> role() {
        return Optional.ofNullable(role);
    }

    /** For the usage line; empty if it takes none. */
    public String operands() {
        return operands;
    }

    public String help() {
        return help;
    }

    public boolean hidden() {
        return command.get(0).startsWith("__");
    }

    /** The shell's scope: built-ins of one word live in {@code dvs}. */
    public String scope() {
        return command.size() == 1 ? "dvs" : command.get(0);
    }

    /** The shell's command name. */
    public String verb() {
        return command.get(command.size() - 1);
    }
}
