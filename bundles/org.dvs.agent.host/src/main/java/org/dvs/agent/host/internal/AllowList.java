package org.dvs.agent.host.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/** What may be run; everything else is denied. Immutable. The format stands in {@link AllowListParser}. */
record AllowList(List<AllowRule> rules) {

    AllowList {
        rules = List.copyOf(rules);
    }

    /** The names people type, in the order of the file. */
    List<String> names() {
        return List.copyOf(new LinkedHashSet<>(rules.stream().map(AllowRule::name).toList()));
    }

    /** What may be executed, program first, and for how long. */
    record Permitted(List<String> command, AllowRule.Limits limits) {
    }

    /**
     * @param words   a program's absolute path or its name, then arguments
     * @param present tells whether an absolute path is a program here
     * @return what to execute
     * @throws DvsException {@code CALLDENIED} for what no rule permits, {@code NOENT} if the permitted program is not here
     */
    Permitted permit(List<String> words, Predicate<String> present) throws DvsException {
        String asked = words.get(0);
        List<AllowRule> ofProgram = rules.stream().filter(rule -> rule.program().equals(asked) || rule.name().equals(asked))
                .toList();
        if (ofProgram.isEmpty()) {
            throw new DvsException(ErrorCode.CALLDENIED, "the program " + Shown.of(asked) + " is not in the allow-list");
        }
        String missing = null;
        for (AllowRule rule : ofProgram) {
            Optional<List<String>> arguments = rule.match(words.subList(1, words.size()));
            if (arguments.isPresent() && present.test(rule.program())) {
                List<String> executed = new ArrayList<>(arguments.get());
                executed.add(0, rule.program());
                return new Permitted(executed, rule.limits());
            }
            missing = arguments.isPresent() ? rule.program() : missing;
        }
        if (missing != null) {
            throw new DvsException(ErrorCode.NOENT, "there is no program " + missing);
        }
        List<String> shapes = ofProgram.stream().map(AllowRule::text).distinct().limit(5).toList();
        throw new DvsException(ErrorCode.CALLDENIED, "the program " + Shown.of(asked) + " is allowed, but not with "
                + (words.size() == 1 ? "no arguments" : "the arguments " + shown(words.subList(1, words.size())))
                + "; allowed: " + String.join(" | ", shapes));
    }

    private static String shown(List<String> arguments) {
        String some = String.join(" ", arguments.stream().limit(4).map(Shown::of).toList());
        return arguments.size() > 4 ? some + " and " + (arguments.size() - 4) + " more" : some;
    }
}
