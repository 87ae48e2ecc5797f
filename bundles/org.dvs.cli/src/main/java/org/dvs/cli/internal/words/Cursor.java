package org.dvs.cli.internal.words;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.ValueType;

/**
 * What the word under the cursor can be. Reads the words before it as {@link WordParser} would, but forgives what is wrong
 * with them.
 *
 * @param typed     what stands there of the word so far
 * @param front     command words before it, while no command is whole
 * @param whole     true if a built-in command stands in front
 * @param spec      the request named by the words before it
 * @param flag      the common flag whose value it is
 * @param parameter the parameter whose value it is: of the flag before it, or the next operand
 * @param asValue   true if it can be nothing but that parameter's value
 */
public record Cursor(String typed, List<String> front, boolean whole, Optional<RequestSpec> spec, Optional<CommonFlag> flag,
                     Optional<Parameter> parameter, boolean asValue) {

    /** @param words the last one is being typed */
    public static Cursor of(List<String> words, Commands commands) {
        String typed = words.isEmpty() ? "" : words.get(words.size() - 1);
        List<String> before = words.isEmpty() ? List.of() : words.subList(0, words.size() - 1);
        Walk walk = new Walk(commands, before);
        walk.run();
        if (walk.flag == CommonFlag.WATCH) {
            // Its value may be left out, and there is nothing to offer for it.
            walk.flag = null;
        }
        boolean value = walk.flag != null || walk.parameter != null;
        Optional<Parameter> parameter = Optional.ofNullable(walk.parameter != null ? walk.parameter : walk.operand());
        return new Cursor(typed, walk.front, walk.builtin, Optional.ofNullable(walk.spec), Optional.ofNullable(walk.flag),
                parameter, value || walk.textsBegun || walk.onlyOperands);
    }

    /** @return the cursor inside {@code --name=value}; null if that flag takes none */
    public Cursor valueOf(String name, String value) {
        Optional<ParameterFlags.Match> match = spec.flatMap(known -> ParameterFlags.find(known, name));
        if (match.isPresent()) {
            return new Cursor(value, front, whole, spec, Optional.empty(), match.map(ParameterFlags.Match::parameter), true);
        }
        return CommonFlag.ofWord(name.substring(2)).filter(known -> !known.value().isEmpty())
                .map(known -> new Cursor(value, front, whole, spec, Optional.of(known), Optional.empty(), true)).orElse(null);
    }

    private static final class Walk {
        private final Commands commands;
        private final List<String> words;
        private final List<String> front = new ArrayList<>();
        private RequestSpec spec;
        private boolean builtin;
        private CommonFlag flag;
        private Parameter parameter;
        private boolean onlyOperands;
        private boolean textsBegun;
        private int operands;

        Walk(Commands commands, List<String> words) {
            this.commands = commands;
            this.words = words;
        }

        void run() {
            for (int i = 0; i < words.size(); i++) {
                String word = words.get(i);
                if (flag != null || parameter != null) {
                    boolean optional = flag == CommonFlag.WATCH && !WordParser.isDuration(word);
                    flag = null;
                    parameter = null;
                    if (!optional) {
                        continue;
                    }
                }
                if (!onlyOperands && !textsBegun && WordParser.looksLikeFlag(word)) {
                    flag(word);
                } else if (spec == null && !builtin) {
                    i += command(words.subList(i, words.size())) - 1;
                } else if (!onlyOperands && !textsBegun && word.equals("--")) {
                    onlyOperands = true;
                } else {
                    textsBegun |= operand() != null && operand().type() == ValueType.TEXTS;
                    operands += textsBegun ? 0 : 1;
                }
            }
        }

        /** @return words taken */
        private int command(List<String> rest) {
            try {
                Optional<Commands.Found> found = commands.longest(rest);
                if (front.isEmpty() && found.isPresent()) {
                    builtin = found.get().target() instanceof Parsed.Own;
                    spec = found.get().target() instanceof Parsed.Call call ? call.spec() : null;
                    return found.get().words();
                }
            } catch (DvsException e) {
                // A request that is not served here: nothing can follow it.
                builtin = true;
                return 1;
            }
            front.add(rest.get(0));
            return 1;
        }

        private void flag(String word) {
            if (word.indexOf('=') > 0) {
                return;
            }
            if (word.startsWith("--")) {
                Optional<ParameterFlags.Match> match = spec == null ? Optional.empty() : ParameterFlags.find(spec, word);
                if (match.isPresent()) {
                    parameter = match.get().parameter().type() == ValueType.FLAG ? null : match.get().parameter();
                } else {
                    flag = CommonFlag.ofWord(word.substring(2)).filter(known -> !known.value().isEmpty()).orElse(null);
                }
            } else {
                flag = CommonFlag.ofLetter(word.charAt(word.length() - 1)).filter(known -> !known.value().isEmpty()).orElse(null);
            }
        }

        Parameter operand() {
            if (spec == null) {
                return null;
            }
            return spec.parameters().stream().filter(Parameter::operand).skip(operands).findFirst().orElse(null);
        }
    }
}
