package org.dvs.assembly;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import org.apache.maven.artifact.versioning.ComparableVersion;

/** The rules of {@code floors.txt}: which artifacts may be in the distribution, and from which version on. */
final class Floors {

    /** What was found: an artifact, and the file it was found in. */
    record Artifact(String group, String name, String version, String where) {
        @Override
        public String toString() {
            return group + ':' + name + ':' + version + " in " + where;
        }
    }

    private enum Kind { FLOOR, NEED, FORBID }

    private record Rule(Kind kind, String text, Pattern group, Pattern name, String version) {
        boolean fits(Artifact artifact) {
            return group.matcher(artifact.group()).matches() && name.matcher(artifact.name()).matches();
        }

        Optional<String> against(Artifact artifact) {
            if (kind == Kind.FORBID) {
                return Optional.of(artifact + " is forbidden by '" + text + "'");
            }
            boolean below = new ComparableVersion(artifact.version()).compareTo(new ComparableVersion(version)) < 0;
            return below ? Optional.of(artifact + " is below the floor of '" + text + "'") : Optional.empty();
        }
    }

    private final List<Rule> rules;

    private Floors(List<Rule> rules) {
        this.rules = rules;
    }

    /** @throws IllegalArgumentException naming the line that is no rule */
    static Floors parse(List<String> lines) {
        List<Rule> rules = new ArrayList<>();
        for (String line : lines) {
            String text = line.strip().replaceAll("\\s+", " ");
            if (!text.isEmpty() && !text.startsWith("#")) {
                rules.add(rule(text));
            }
        }
        return new Floors(rules);
    }

    private static Rule rule(String text) {
        String[] words = text.split(" ");
        boolean known = Set.of("floor", "need", "forbid").contains(words[0]);
        if (!known || words.length != (words[0].equals("forbid") ? 2 : 3) || words[1].split(":").length != 2) {
            throw new IllegalArgumentException("not a rule: '" + text + "'");
        }
        String[] names = words[1].split(":");
        return new Rule(Kind.valueOf(words[0].toUpperCase(Locale.ROOT)), text, glob(names[0]), glob(names[1]),
                words.length == 3 ? words[2] : "");
    }

    private static Pattern glob(String text) {
        return Pattern.compile(Pattern.quote(text).replace("*", "\\E.*\\Q"));
    }

    /** @return what is wrong with these artifacts, one sentence each; empty if nothing is */
    List<String> violations(List<Artifact> artifacts) {
        List<String> found = new ArrayList<>();
        Set<Rule> met = new HashSet<>();
        for (Artifact artifact : artifacts) {
            rules.stream().filter(rule -> rule.fits(artifact)).findFirst().ifPresent(rule -> {
                met.add(rule);
                rule.against(artifact).ifPresent(found::add);
            });
        }
        rules.stream().filter(rule -> rule.kind() == Kind.NEED && !met.contains(rule))
                .forEach(rule -> found.add("nothing is there for '" + rule.text() + "'"));
        return found;
    }
}
