package org.dvs.cli.internal.words;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Nearest;
import org.dvs.api.dispatch.Catalogue;
import org.dvs.api.request.RequestSpec;

/** The commands there are now, and how words lead to one of them. */
public final class Commands {
    private static final String RQST = "RQST_";

    /** @param target the command; its request values or operands are still to be read from the words that follow */
    record Found(Parsed.Target target, int words) {
    }

    private final Catalogue catalogue;
    private final BooleanSupplier started;

    /** @param started false as long as this node still starts bundles, so that a command may be missing now and there soon */
    public Commands(Catalogue catalogue, BooleanSupplier started) {
        this.catalogue = catalogue;
        this.started = started;
    }

    /** @throws DvsException {@code NOTREADY} while the node starts; not for what is there already */
    public void requireStarted(String what) throws DvsException {
        if (!started.getAsBoolean()) {
            throw new DvsException(ErrorCode.NOTREADY, what + " is not there yet: this node is still starting");
        }
    }

    public List<RequestSpec> specs() {
        return catalogue.specs();
    }

    /** @return the request or built-in of which the most words stand in front; empty if none is whole */
    Optional<Found> longest(List<String> words) throws DvsException {
        if (words.isEmpty()) {
            return Optional.empty();
        }
        String first = words.get(0).toUpperCase(Locale.ROOT);
        if (first.startsWith(RQST)) {
            return Optional.of(new Found(new Parsed.Call(request(words.get(0)), Map.of()), 1));
        }
        Found longest = null;
        for (RequestSpec spec : catalogue.specs()) {
            if (startsWith(words, spec.command()) && (longest == null || spec.command().size() > longest.words)) {
                longest = new Found(new Parsed.Call(spec, Map.of()), spec.command().size());
            }
        }
        if (words.get(0).equals("jobs") && (words.size() == 1 || words.get(1).startsWith("-"))) {
            return Optional.of(new Found(new Parsed.Own(Builtin.JOB_LIST, List.of()), 1));
        }
        List<String> canonical = Builtin.canonical(words);
        for (Builtin builtin : Builtin.values()) {
            if (startsWith(canonical, builtin.command()) && (longest == null || builtin.command().size() >= longest.words)) {
                longest = new Found(new Parsed.Own(builtin, List.of()), builtin.command().size());
            }
        }
        return Optional.ofNullable(longest);
    }

    /** @throws DvsException {@code BADREQUEST} if no such request is served here, {@code NOTREADY} if it may be soon */
    public RequestSpec request(String name) throws DvsException {
        Optional<RequestSpec> spec = catalogue.find(name.toUpperCase(Locale.ROOT));
        if (spec.isEmpty()) {
            requireStarted("'" + name + "'");
            List<String> known = catalogue.specs().stream().map(RequestSpec::name).toList();
            throw new DvsException(ErrorCode.BADREQUEST, "'" + name + "'" + Nearest.hint(name, known));
        }
        return spec.get();
    }

    /** All commands a person may type, as lists of words. */
    public List<List<String>> all() {
        List<List<String>> all = new ArrayList<>(catalogue.specs().stream().map(RequestSpec::command).toList());
        Arrays.stream(Builtin.values()).filter(builtin -> !builtin.hidden()).map(Builtin::command).forEach(all::add);
        return all;
    }

    /** @return the words that may come next after these; empty if no command begins so */
    public TreeSet<String> next(List<String> words) {
        TreeSet<String> next = new TreeSet<>();
        for (List<String> command : all()) {
            if (command.size() > words.size() && startsWith(command, words)) {
                next.add(command.get(words.size()));
            }
        }
        return next;
    }

    /**
     * The error for words that are no command.
     *
     * @throws DvsException {@code NOTREADY} if they may be one soon
     */
    DvsException unknown(List<String> words) throws DvsException {
        List<String> front = words.stream().takeWhile(word -> !word.startsWith("-")).toList();
        requireStarted("'" + String.join(" ", front) + "'");
        TreeSet<String> next = next(front);
        if (!next.isEmpty()) {
            return Usage.error("'" + String.join(" ", front) + "' is not a whole command; it goes on with: "
                    + String.join(", ", next));
        }
        List<String> whole = all().stream().map(command -> String.join(" ", command)).toList();
        int most = all().stream().mapToInt(List::size).max().orElse(1);
        String typed = String.join(" ", front.subList(0, Math.min(front.size(), most)));
        Optional<String> near = Optional.empty();
        String shown = typed;
        for (int size = Math.min(front.size(), most); size > 0 && near.isEmpty(); size--) {
            String some = String.join(" ", front.subList(0, size));
            near = Nearest.to(some, whole);
            shown = near.isPresent() ? some : typed;
        }
        if (near.isEmpty()) {
            TreeSet<String> scopes = next(List.of());
            if (!scopes.contains(front.get(0))) {
                shown = front.get(0);
                near = Nearest.to(shown, scopes);
            } else {
                near = Nearest.to(front.get(1), next(front.subList(0, 1))).map(word -> front.get(0) + ' ' + word);
            }
        }
        return Usage.error("'" + shown + "' is not a command"
                + near.map(word -> "; did you mean '" + word + "'?").orElse("; see 'dvs help'"));
    }

    static boolean startsWith(List<String> words, List<String> front) {
        return words.size() >= front.size() && words.subList(0, front.size()).equals(front);
    }
}
