package org.dvs.cli.internal.words;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.ValueType;

/**
 * How a request's parameters are written as flags. A parameter named like a common flag is written {@code --arg-NAME}: the
 * common flags mean the same with every command.
 */
public final class ParameterFlags {
    private static final String ESCAPE = "--arg-";

    /** @param negated true for {@code --no-NAME} of a FLAG */
    record Match(Parameter parameter, boolean negated) {
    }

    private ParameterFlags() {
    }

    /** The way to write this parameter. */
    public static String written(Parameter parameter) {
        return clashes(parameter) ? ESCAPE + parameter.flag().substring(2) : parameter.flag();
    }

    /** @return the parameters that must be written {@code --arg-NAME} */
    public static List<Parameter> clashing(RequestSpec spec) {
        return spec.parameters().stream().filter(parameter -> !parameter.operand() && clashes(parameter)).toList();
    }

    private static boolean clashes(Parameter parameter) {
        return CommonFlag.ofWord(parameter.flag().substring(2)).isPresent();
    }

    /** @param flag as typed, without {@code =value} */
    static Optional<Match> find(RequestSpec spec, String flag) {
        for (Parameter parameter : spec.parameters()) {
            if (!parameter.operand() && flag.equals(written(parameter))) {
                return Optional.of(new Match(parameter, false));
            }
        }
        for (Parameter parameter : spec.parameters()) {
            if (!parameter.operand() && parameter.type() == ValueType.FLAG && flag.equals(negated(parameter))) {
                return Optional.of(new Match(parameter, true));
            }
        }
        return Optional.empty();
    }

    private static String negated(Parameter parameter) {
        return "--no-" + written(parameter).substring(2);
    }

    /** All flags of a request as they are typed. */
    public static List<String> all(RequestSpec spec) {
        List<String> all = new ArrayList<>();
        for (Parameter parameter : spec.parameters()) {
            if (!parameter.operand()) {
                all.add(written(parameter));
                if (parameter.type() == ValueType.FLAG) {
                    all.add(negated(parameter));
                }
            }
        }
        return all;
    }
}
