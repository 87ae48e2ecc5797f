package org.dvs.cli.internal;

import java.util.Set;
import java.util.function.Consumer;

import org.dvs.api.Caller;
import org.dvs.api.Role;
import org.dvs.cli.api.Invocation;
import org.dvs.cli.api.Output;
import org.dvs.cli.internal.render.Paint;
import org.dvs.cli.internal.render.Screen;
import org.dvs.cli.internal.render.Trouble;
import org.dvs.cli.internal.words.Options;

/** Where one command writes, after the flags about colour and silence. */
record Console(Invocation invocation, Options options, Output output) {
    /** The channel of Karaf's shell. */
    private static final String SHELL = "shell";

    /** The same for a look that a script takes by itself: its job is in no list. */
    Console unlisted() {
        Caller looks = new Caller(invocation.caller().user(), Set.of(Role.VIEWER), Caller.INTERNAL, invocation.caller().source());
        return new Console(new Invocation(invocation.words(), looks, invocation.terminal(), invocation.width(),
                invocation.color()), options, output);
    }

    boolean terminal() {
        return invocation.terminal();
    }

    /** Data. */
    Consumer<String> out() {
        return output::out;
    }

    Help help() {
        return new Help(output::out, invocation.caller().channel().equals(SHELL));
    }

    Screen screen() {
        return new Screen(terminal(), invocation.width(), paint());
    }

    Trouble trouble() {
        return new Trouble(paint(), output::err);
    }

    /** Told only to somebody who watches. */
    void progress(String line) {
        if (terminal() && !options.quiet()) {
            output.err(line);
            output.flush();
        }
    }

    private Paint paint() {
        return Paint.of(options.color().orElse(invocation.color()));
    }
}
