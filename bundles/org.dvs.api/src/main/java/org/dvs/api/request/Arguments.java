package org.dvs.api.request;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.dvs.api.Printable;

/**
 * The values of a request as they may be written down: printable, of bounded length, secrets masked. Masked is what the parameter
 * says is secret or what is named like a secret; in a list of words also what stands behind a flag named so, and the password in
 * an address. Source: conventions 8.
 */
public final class Arguments {
    /** What stands for a secret. */
    public static final String MASK = "***";
    /** Characters of one value, and of all together, before they are cut. */
    static final int LONGEST_VALUE = 256;
    static final int LONGEST = 2048;
    private static final int SHORTEST_SECRET = 4;

    private static final String NAMES = "pass(?:word|wd|phrase|code)?|pwd|secret|token|credential|api[_-]?key|private[_-]?key|"
            + "authorization";
    private static final Pattern NAME = Pattern.compile("(?:" + NAMES + ")s?", Pattern.CASE_INSENSITIVE);
    /** A secret with its name in front: {@code --db-password=x}, {@code TOKEN=x}, {@code Authorization: x}, in JSON too. */
    private static final Pattern NAMED = Pattern.compile("(?:" + NAMES + ")s?[\"']?\\s*[=:]", Pattern.CASE_INSENSITIVE);
    private static final Pattern IN_ADDRESS = Pattern.compile("(://[^/\\s:@]*:)[^/\\s@]*@");

    private final Set<String> secrets = new LinkedHashSet<>();
    private final String text;

    /** @param values by parameter name, perhaps not checked yet; what the request has no parameter for is left out */
    private Arguments(RequestSpec spec, Map<String, Object> values) {
        List<String> shown = new ArrayList<>();
        for (Parameter parameter : spec.parameters()) {
            Object value = values.get(parameter.name());
            if (value != null) {
                shown.add(parameter.name() + '=' + masked(parameter, value));
            }
        }
        text = Printable.line(String.join(" ", shown), LONGEST);
    }

    /** @param values by parameter name, perhaps not checked yet; what the request has no parameter for is left out */
    public static Arguments of(RequestSpec spec, Map<String, Object> values) {
        return new Arguments(spec, values);
    }

    /** Of {@link #of}, the text alone. */
    public static String masked(RequestSpec spec, Map<String, Object> values) {
        return of(spec, values).text();
    }

    /** {@code name=value name=[word word]}, in the order of the parameters; empty if there are none. */
    public String text() {
        return text;
    }

    /**
     * @param about what is said about the request, e.g. why it failed; may quote its arguments
     * @return the same without the secrets that {@link #text} hides
     */
    public String scrubbed(String about) {
        String clean = about;
        for (String secret : secrets) {
            if (secret.length() < SHORTEST_SECRET && clean.contains(secret)) {
                // Who sees where it was cut out of words knows it.
                return MASK;
            }
            clean = clean.replace(secret, MASK);
        }
        return clean;
    }

    /** Never the secrets. */
    @Override
    public String toString() {
        return text;
    }

    private String masked(Parameter parameter, Object value) {
        if (parameter.secret() || namesSecret(parameter.name())) {
            if (value instanceof List<?> words) {
                words.forEach(word -> hide(String.valueOf(word)));
            } else {
                hide(String.valueOf(value));
            }
            return MASK;
        }
        return value instanceof List<?> words ? '[' + words(words) + ']' : text(String.valueOf(value));
    }

    private void hide(String secret) {
        if (!secret.isEmpty()) {
            secrets.add(secret);
            // As it stands in messages, which are printable.
            secrets.add(Printable.line(secret));
        }
    }

    private String words(List<?> words) {
        List<String> shown = new ArrayList<>();
        boolean secretFollows = false;
        for (Object each : words) {
            String word = String.valueOf(each);
            if (secretFollows) {
                hide(word);
            }
            shown.add(secretFollows ? MASK : text(word));
            secretFollows = !secretFollows && word.startsWith("-") && word.indexOf('=') < 0 && namesSecret(word);
        }
        return String.join(" ", shown);
    }

    private String text(String plain) {
        Matcher named = NAMED.matcher(plain);
        if (named.find()) {
            hide(plain.substring(named.end()));
            return Printable.line(plain.substring(0, named.end()) + MASK, LONGEST_VALUE);
        }
        Matcher address = IN_ADDRESS.matcher(plain);
        while (address.find()) {
            hide(address.group().substring(address.group(1).length(), address.group().length() - 1));
        }
        return Printable.line(address.replaceAll("$1" + MASK + "@"), LONGEST_VALUE);
    }

    /** @return true if it is called as secrets are, as a whole or in one of its words */
    private static boolean namesSecret(String name) {
        String plain = name.replaceFirst("^-+", "");
        return NAME.matcher(plain).matches()
                || Arrays.stream(plain.split("[-_.]+")).anyMatch(part -> NAME.matcher(part).matches());
    }
}
