package org.dvs.cli.internal.shell;

import java.util.ArrayList;
import java.util.List;

import org.apache.karaf.shell.api.console.Candidate;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.dvs.cli.api.CommandLine;

/** Offers the command's name, then what the command line knows for the words behind it. */
final class WordCompleter implements Completer {
    private final CommandLine commandLine;
    private final List<String> words;
    private final List<String> names;

    WordCompleter(CommandLine commandLine, List<String> words, List<String> names) {
        this.commandLine = commandLine;
        this.words = words;
        this.names = names;
    }

    @Override
    public int complete(Session session, org.apache.karaf.shell.api.console.CommandLine line, List<String> candidates) {
        candidates.addAll(candidates(line));
        return candidates.isEmpty() ? -1 : line.getBufferPosition() - line.getArgumentPosition();
    }

    @Override
    public void completeCandidates(Session session, org.apache.karaf.shell.api.console.CommandLine line,
            List<Candidate> candidates) {
        // What ends in such a sign goes on: no space behind it.
        candidates(line).forEach(word -> candidates.add(new Candidate(word, !word.endsWith("=") && !word.endsWith("/"))));
    }

    private List<String> candidates(org.apache.karaf.shell.api.console.CommandLine line) {
        String[] typed = line.getArguments();
        int cursor = line.getCursorArgumentIndex();
        String last = line.getCursorArgument() == null ? "" : line.getCursorArgument();
        last = last.substring(0, Math.max(0, Math.min(line.getArgumentPosition(), last.length())));
        if (cursor == 0) {
            String prefix = last;
            return names.stream().filter(name -> name.startsWith(prefix)).toList();
        }
        if (typed.length == 0 || !names.contains(typed[0])) {
            return List.of();
        }
        List<String> all = new ArrayList<>(words);
        for (int i = 1; i < cursor && i < typed.length; i++) {
            all.add(typed[i]);
        }
        all.add(last);
        return commandLine.complete(all);
    }
}
