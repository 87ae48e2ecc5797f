package org.dvs.agent.host.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import org.dvs.api.DvsException;
import org.dvs.api.Units;

/**
 * Reads the allow-list. One rule per line:
 *
 * <pre>
 * # a comment
 * type unit = [a-z][a-z0-9@-]{0,40}\.service     a type of one's own: a regular expression for the whole argument
 * /usr/bin/uptime                                the program alone
 * /usr/bin/df -h -- {path}?                      -h, then perhaps one path; the -- is passed on even if it is not given
 * /usr/bin/head --lines={int:1..500} -- {path}*  a value behind a literal; any number of paths
 * /usr/bin/du -s -- {path} :: 10s 4KiB           at most 10 s and 4 KiB of output, whatever is asked for
 * </pre>
 *
 * Types: {@code int}, {@code int:FROM..TO}, {@code word}, {@code host}, {@code path} (absolute, without {@code ..}),
 * {@code text} (no control characters, no dash in front), and one's own.
 */
final class AllowListParser {
    private static final Pattern TYPE_LINE = Pattern.compile("type\\s+([a-z][a-z0-9]*)\\s*=\\s*(\\S.*)");
    private static final Pattern PROGRAM = Pattern.compile("(/[A-Za-z0-9_.+-]+)+");
    private static final Pattern TYPED = Pattern.compile("([^{}]*)\\{([a-z][a-z0-9]*)(?::(\\d{1,18})\\.\\.(\\d{1,18}))?}([?*]?)");
    /** Behind it stand a rule's limits. */
    private static final String LIMITS = "::";
    private static final int MAX_RULES = 1_000;

    private final Map<String, ArgumentType> types = new HashMap<>(ArgumentType.BUILT_IN);
    private final List<AllowRule> rules = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();

    private AllowListParser() {
    }

    /** @throws BadAllowListException with all errors, each with its line */
    static AllowList parse(String text) throws BadAllowListException {
        AllowListParser parser = new AllowListParser();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String rule = line.strip();
            if (!rule.isEmpty() && !rule.startsWith("#")) {
                try {
                    parser.line(rule, number);
                } catch (IllegalArgumentException e) {
                    parser.errors.add("line " + number + ": " + e.getMessage());
                }
            }
        }
        if (!parser.errors.isEmpty()) {
            throw new BadAllowListException(String.join("; ", parser.errors));
        }
        return new AllowList(parser.rules);
    }

    private void line(String line, int number) {
        if (rules.size() == MAX_RULES) {
            throw new IllegalArgumentException("more than " + MAX_RULES + " rules");
        }
        Matcher type = TYPE_LINE.matcher(line);
        if (type.matches()) {
            define(type.group(1), type.group(2));
            return;
        }
        String[] words = line.split("\\s+");
        if (!PROGRAM.matcher(words[0]).matches() || words[0].contains("/../") || words[0].contains("/./")
                || words[0].endsWith("/..")) {
            throw new IllegalArgumentException(Shown.of(words[0]) + " is not the absolute path of a program");
        }
        int end = List.of(words).indexOf(LIMITS);
        List<AllowRule.Token> tokens = new ArrayList<>();
        for (int i = 1; i < (end < 0 ? words.length : end); i++) {
            tokens.add(token(words[i]));
        }
        AllowRule.Limits limits = end < 0 ? AllowRule.Limits.NONE : limits(List.of(words).subList(end + 1, words.length));
        rules.add(new AllowRule(words[0], List.copyOf(tokens), limits, number, String.join(" ", words)));
    }

    /** A time, a size, or both in this order. */
    private static AllowRule.Limits limits(List<String> words) {
        try {
            boolean size = !words.isEmpty() && words.get(words.size() - 1).endsWith("B");
            boolean time = words.size() == (size ? 2 : 1);
            if (words.isEmpty() || !size && !time || words.size() > 2) {
                throw new IllegalArgumentException("behind " + LIMITS
                        + " stand a time such as 10s, a size such as 4KiB, or both");
            }
            long timeMs = time ? Units.duration(words.get(0)).toMillis() : Long.MAX_VALUE;
            long bytes = size ? Units.size(words.get(words.size() - 1)) : Long.MAX_VALUE;
            if (timeMs < 1) {
                throw new IllegalArgumentException("a program needs some time, not " + words.get(0));
            }
            return new AllowRule.Limits(timeMs, bytes);
        } catch (DvsException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private void define(String name, String regex) {
        if (types.containsKey(name)) {
            throw new IllegalArgumentException("the type " + name + " is there already");
        }
        try {
            types.put(name, ArgumentType.of(name, regex));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("the type " + name + " is not a regular expression: " + e.getDescription(), e);
        }
    }

    private AllowRule.Token token(String word) {
        if (word.indexOf('{') < 0 && word.indexOf('}') < 0) {
            return new AllowRule.Token(word, null, AllowRule.Count.ONCE);
        }
        Matcher typed = TYPED.matcher(word);
        if (!typed.matches()) {
            throw new IllegalArgumentException(Shown.of(word) + " is not a literal, {type}, {type}? or {type}*");
        }
        ArgumentType type = types.get(typed.group(2));
        if (type == null) {
            throw new IllegalArgumentException("there is no type '" + typed.group(2) + "'");
        }
        if (typed.group(3) != null) {
            type = ranged(type, Long.parseLong(typed.group(3)), Long.parseLong(typed.group(4)));
        }
        AllowRule.Count count = switch (typed.group(5)) {
            case "?" -> AllowRule.Count.OPTIONAL;
            case "*" -> AllowRule.Count.ANY;
            default -> AllowRule.Count.ONCE;
        };
        return new AllowRule.Token(typed.group(1), type, count);
    }

    private static ArgumentType ranged(ArgumentType type, long from, long to) {
        if (!type.number()) {
            throw new IllegalArgumentException("only int takes a range, not " + type.name());
        }
        if (from > to) {
            throw new IllegalArgumentException("the range " + from + ".." + to + " is empty");
        }
        return type.range(from, to);
    }
}
