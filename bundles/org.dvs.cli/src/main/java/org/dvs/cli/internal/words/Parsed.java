package org.dvs.cli.internal.words;

import java.util.List;
import java.util.Map;

import org.dvs.api.request.RequestSpec;

/**
 * A command line understood.
 *
 * @param target  what is asked for
 * @param options the common flags
 */
public record Parsed(Target target, Options options) {

    /** What a command line asks for. */
    public sealed interface Target {
    }

    /** A request, with the values that were given. Checked, unless help is asked for or a job is run again. */
    public record Call(RequestSpec spec, Map<String, Object> values) implements Target {
    }

    /** One of our own commands. */
    public record Own(Builtin builtin, List<String> operands) implements Target {
    }

    /** No command: only flags, or the first words of several commands together with {@code --help}. */
    public record Family(List<String> words) implements Target {
    }
}
