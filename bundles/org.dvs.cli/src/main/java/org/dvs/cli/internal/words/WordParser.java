package org.dvs.cli.internal.words;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.dvs.api.DvsException;
import org.dvs.api.Nearest;
import org.dvs.api.Units;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.ValueType;

/**
 * Understands the words of a command line: {@code [common flags] command [flags and operands]}. What cannot be understood is
 * one sentence with the nearest known word; nothing has been sent then. Source: conventions 1.
 */
public final class WordParser {
    private static final int MOST_WORDS = 4_096;

    private final Commands commands;

    public WordParser(Commands commands) {
        this.commands = commands;
    }

    /** @throws DvsException an error of the person who typed: all have exit code 2, but an empty node set is {@code NONODES} */
    public Parsed parse(List<String> words) throws DvsException {
        if (words.size() > MOST_WORDS) {
            throw Usage.error("a command line of " + words.size() + " words, at most " + MOST_WORDS);
        }
        return new Run(words).parse();
    }

    /** @return the command that the words name, whatever is wrong with the rest of them; empty if they name none */
    public Optional<Parsed.Target> named(List<String> words) {
        try {
            return new Run(words).named();
        } catch (DvsException e) {
            return Optional.empty();
        }
    }

    /** @return true if the word is written like a flag: {@code -a}, {@code --all}, but not {@code -} or {@code --} */
    static boolean looksLikeFlag(String word) {
        return word.length() > 1 && word.startsWith("-") && !word.equals("--");
    }

    /** The walk over one command line. */
    private final class Run {
        private final List<String> words;
        private final Map<CommonFlag, List<String>> common = new EnumMap<>(CommonFlag.class);
        private final Map<String, Object> values = new LinkedHashMap<>();
        private int at;

        Run(List<String> words) {
            this.words = words;
        }

        Parsed parse() throws DvsException {
            List<String> rest = behindFlags();
            Optional<Commands.Found> found = commands.longest(rest);
            if (found.isEmpty()) {
                return withoutCommand(rest);
            }
            String typed = String.join(" ", rest.subList(0, found.get().words()));
            at += found.get().words();
            if (found.get().target() instanceof Parsed.Call call) {
                return request(call.spec());
            }
            return own(((Parsed.Own) found.get().target()).builtin(), typed);
        }

        Optional<Parsed.Target> named() throws DvsException {
            return commands.longest(behindFlags()).map(Commands.Found::target);
        }

        /** Reads the flags in front; what is left begins with a command, or is none. */
        private List<String> behindFlags() throws DvsException {
            while (at < words.size() && looksLikeFlag(words.get(at))) {
                flag(null);
            }
            return words.subList(at, words.size());
        }

        private Parsed withoutCommand(List<String> rest) throws DvsException {
            List<String> front = rest.stream().takeWhile(word -> !looksLikeFlag(word)).toList();
            boolean help = rest.isEmpty() || common.containsKey(CommonFlag.HELP)
                    || rest.stream().anyMatch(word -> word.equals("--help") || word.equals("-h"));
            if (help && (front.isEmpty() || !commands.next(front).isEmpty())) {
                return new Parsed(new Parsed.Family(front), Options.of(common));
            }
            throw commands.unknown(rest);
        }

        /** @param typed words, which may be others than the command's own */
        private Parsed own(Builtin builtin, String typed) throws DvsException {
            List<String> operands = new ArrayList<>();
            if (builtin == Builtin.COMPLETE) {
                // What is being typed is not for us to understand.
                operands.addAll(words.subList(at, words.size()));
                return new Parsed(new Parsed.Own(builtin, operands), Options.of(common));
            }
            while (at < words.size()) {
                if (looksLikeFlag(words.get(at))) {
                    flag(null);
                } else {
                    operands.add(words.get(at++));
                }
            }
            boolean help = common.containsKey(CommonFlag.HELP);
            boolean wantsOne = builtin.operands().equals("JOB");
            if (!help && wantsOne && operands.size() != 1) {
                throw Usage.error("'" + typed + "' takes the id of one job; see 'dvs job list'");
            }
            if (!help && builtin == Builtin.COMPLETION && operands.size() != 1) {
                throw Usage.error("'" + typed + "' takes the name of a shell: bash or zsh");
            }
            if (!help && builtin.operands().isEmpty() && !operands.isEmpty()) {
                throw Usage.error("'" + typed + "' takes no operand: '" + operands.get(0) + "'");
            }
            return new Parsed(new Parsed.Own(builtin, operands), Options.of(common));
        }

        private Parsed request(RequestSpec spec) throws DvsException {
            List<Parameter> operands = spec.parameters().stream().filter(Parameter::operand).toList();
            int operand = 0;
            boolean onlyOperands = false;
            while (at < words.size()) {
                String word = words.get(at);
                Parameter next = operand < operands.size() ? operands.get(operand) : null;
                if (!onlyOperands && word.equals("--")) {
                    onlyOperands = true;
                    at++;
                } else if (!onlyOperands && looksLikeFlag(word) && !isNumberFor(next, word)) {
                    flag(spec);
                } else if (next == null) {
                    throw Usage.error("'" + String.join(" ", spec.command()) + "' takes "
                            + (operands.isEmpty() ? "no operand" : "no more operands") + ": '" + word + "'");
                } else if (next.type() == ValueType.TEXTS) {
                    values.put(next.name(), List.copyOf(words.subList(at, words.size())));
                    at = words.size();
                } else {
                    values.put(next.name(), next.parse(word));
                    operand++;
                    at++;
                }
            }
            Options options = Options.of(common);
            if (!options.help() && options.retry().isEmpty()) {
                spec.complete(values);
            } else if (options.retry().isPresent() && !values.isEmpty()) {
                throw Usage.error("--retry runs the job's own request again: leave out " + values.keySet().iterator().next());
            }
            return new Parsed(new Parsed.Call(spec, values), options);
        }

        private boolean isNumberFor(Parameter operand, String word) {
            return operand != null && word.matches("-\\d.*")
                    && (operand.type() == ValueType.INTEGER || operand.type() == ValueType.DECIMAL);
        }

        /** Reads the flag at {@link #at}, and its value. @param spec null where only common flags are known */
        private void flag(RequestSpec spec) throws DvsException {
            String word = words.get(at++);
            if (!word.startsWith("--")) {
                letters(word);
                return;
            }
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            String value = equals < 0 ? null : word.substring(equals + 1);
            Optional<ParameterFlags.Match> parameter = spec == null ? Optional.empty() : ParameterFlags.find(spec, name);
            if (parameter.isPresent()) {
                parameter(parameter.get(), name, value);
                return;
            }
            CommonFlag flag = CommonFlag.ofWord(name.substring(2)).orElseThrow(() -> unknownFlag(spec, name));
            common(flag, value);
        }

        private DvsException unknownFlag(RequestSpec spec, String name) {
            List<String> known = Stream.concat(spec == null ? Stream.of() : ParameterFlags.all(spec).stream(),
                    Stream.of(CommonFlag.values()).map(CommonFlag::flag)).toList();
            String of = spec == null ? "" : " of '" + String.join(" ", spec.command()) + "'";
            return Usage.error("'" + name + "' is not a flag" + of + Nearest.hint(name, known));
        }

        private void common(CommonFlag flag, String value) throws DvsException {
            if (flag.value().isEmpty() && value != null) {
                throw Usage.error(flag.flag() + " takes no value: '" + value + "'");
            }
            String text = value;
            if (text == null && flag.needsValue()) {
                text = next(flag.flag(), flag.value());
            } else if (text == null && flag == CommonFlag.WATCH && at < words.size() && isDuration(words.get(at))) {
                text = words.get(at++);
            }
            common.computeIfAbsent(flag, key -> new ArrayList<>()).add(text == null ? "" : text);
        }

        /** {@code -a}, {@code -n SET}, {@code -nSET}, {@code -ay}. */
        private void letters(String word) throws DvsException {
            for (int i = 1; i < word.length(); i++) {
                char letter = word.charAt(i);
                CommonFlag flag = CommonFlag.ofLetter(letter).orElseThrow(() -> Usage.error("'-" + letter + "'"
                        + (word.length() == 2 ? "" : " in '" + word + "'")
                        + " is not a flag; add --help to see those there are"));
                if (flag.value().isEmpty()) {
                    common(flag, null);
                } else {
                    String attached = word.substring(i + 1);
                    common(flag, attached.isEmpty() ? null : attached.startsWith("=") ? attached.substring(1) : attached);
                    return;
                }
            }
        }

        private void parameter(ParameterFlags.Match match, String name, String value) throws DvsException {
            Parameter parameter = match.parameter();
            if (parameter.type() == ValueType.TEXTS) {
                List<String> texts = new ArrayList<>(texts(parameter));
                texts.add(value != null ? value : next(name, parameter.help()));
                values.put(parameter.name(), texts);
                return;
            }
            if (values.containsKey(parameter.name())) {
                throw Usage.error(name + " is given twice");
            }
            if (match.negated()) {
                if (value != null) {
                    throw Usage.error(name + " takes no value: '" + value + "'");
                }
                values.put(parameter.name(), false);
            } else if (parameter.type() == ValueType.FLAG && value == null) {
                values.put(parameter.name(), true);
            } else {
                values.put(parameter.name(), parsed(parameter, name, value != null ? value : next(name, parameter.help())));
            }
        }

        /** What is wrong is said of the flag that was typed, not of the parameter's name. */
        private static Object parsed(Parameter parameter, String flag, String text) throws DvsException {
            try {
                return parameter.parse(text);
            } catch (DvsException e) {
                String of = parameter.name() + ':';
                throw e.getMessage().startsWith(of)
                        ? new DvsException(e.code(), flag + ':' + e.getMessage().substring(of.length()), e) : e;
            }
        }

        @SuppressWarnings("unchecked")
        private List<String> texts(Parameter parameter) {
            return (List<String>) values.getOrDefault(parameter.name(), List.of());
        }

        private String next(String flag, String what) throws DvsException {
            if (at >= words.size()) {
                throw Usage.error(flag + " needs a value: " + what);
            }
            return words.get(at++);
        }
    }

    static boolean isDuration(String word) {
        try {
            Units.duration(word);
            return true;
        } catch (DvsException e) {
            return false;
        }
    }

    private static String name(Builtin builtin) {
        return String.join(" ", builtin.command());
    }
}
