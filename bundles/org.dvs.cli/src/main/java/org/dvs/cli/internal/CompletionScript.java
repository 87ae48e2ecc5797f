package org.dvs.cli.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.dvs.api.DvsException;
import org.dvs.cli.internal.words.Commands;
import org.dvs.cli.internal.words.Usage;

/** The completion of a shell: asks a node while somebody types, and knows the commands of now for when none answers. */
final class CompletionScript {
    /** What the script {@code dvs} does by itself, without a node. */
    private static final List<String> LOCAL = List.of("up", "down", "status", "logs", "keys", "test");
    private static final List<String> SHELLS = List.of("bash", "zsh");

    private CompletionScript() {
    }

    /** @throws DvsException {@code USAGE} for a shell that there is none for */
    static List<String> lines(String shell, Commands commands) throws DvsException {
        if (!SHELLS.contains(shell)) {
            throw Usage.error("'" + shell + "' is not one of " + String.join(", ", SHELLS));
        }
        // Words of commands are lower-case letters and digits: there is nothing to quote but the blanks between them.
        TreeSet<String> known = commands.all().stream().map(words -> "'" + String.join(" ", words) + "'")
                .collect(Collectors.toCollection(TreeSet::new));
        return text("completion." + shell).replace("@COMMANDS@", String.join(" ", known)).replace("@LOCAL@", String.join(" ",
                LOCAL))
                .lines().toList();
    }

    private static String text(String resource) {
        try (InputStream in = CompletionScript.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(resource + " of this bundle cannot be read", e);
        }
    }
}
