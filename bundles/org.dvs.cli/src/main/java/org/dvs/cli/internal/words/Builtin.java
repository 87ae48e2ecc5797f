package org.dvs.cli.internal.words;

import java.util.List;

/** Commands that the command line answers itself; they win over requests with the same words. */
public enum Builtin {
    HELP(List.of("help"), "[COMMAND...]", "how to use a command"),
    REQUESTS(List.of("requests"), "", "all requests that are served, with their commands"),
    VERSION(List.of("version"), "", "version of this node"),
    JOB_LIST(List.of("job", "list"), "", "jobs this node has taken, newest first"),
    JOB_INFO(List.of("job", "info"), "JOB", "what came of a job so far"),
    JOB_CANCEL(List.of("job", "cancel"), "JOB", "end a job that is under way"),
    /** For the completion of shells: prints candidates for the last word. Not in any help. */
    COMPLETE(List.of("__complete"), "WORD...", "");

    private final List<String> command;
    private final String operands;
    private final String help;

    Builtin(List<String> command, String operands, String help) {
        this.command = command;
        this.operands = operands;
        this.help = help;
    }

    public List<String> command() {
        return command;
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
