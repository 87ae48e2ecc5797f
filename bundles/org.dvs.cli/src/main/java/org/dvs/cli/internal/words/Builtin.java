package org.dvs.cli.internal.words;

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
    JOB_CANCEL(List.of("job", "cancel"), Role.VIEWER, "JOB", "end a job that is under way"),
    /** For the completion of shells: prints candidates for the last word. Not in any help. */
    COMPLETE(List.of("__complete"), Role.VIEWER, "WORD...", "");

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
        return this == COMPLETE;
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
