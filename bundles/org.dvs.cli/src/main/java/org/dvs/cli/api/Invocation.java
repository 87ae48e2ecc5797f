package org.dvs.cli.api;

import java.util.List;
import java.util.Objects;

import org.dvs.api.Caller;

/**
 * One command as it was typed, and where its output goes.
 *
 * @param words    without the program's name: {@code host}, {@code df}, {@code --all}
 * @param caller   who types
 * @param terminal true if standard output is a terminal
 * @param width    of the terminal in columns; 0 if unknown, ignored without a terminal
 * @param color    true if colour is wanted unless {@code --color} says otherwise: the face has looked at the terminal,
 *                 {@code NO_COLOR} and {@code CLICOLOR_FORCE}
 */
public record Invocation(List<String> words, Caller caller, boolean terminal, int width, boolean color) {

    public Invocation {
        words = List.copyOf(words);
        Objects.requireNonNull(caller, "caller");
    }
}
