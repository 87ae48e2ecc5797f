package org.dvs.itests.container;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.dvs.api.Caller;
import org.dvs.api.Role;
import org.dvs.cli.api.CommandLine;
import org.dvs.cli.api.Invocation;
import org.dvs.cli.api.Output;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** The node a test runs in, used as an operator uses it. */
final class Node {
    private final BundleContext context;

    Node(BundleContext context) {
        this.context = context;
    }

    /** What a command printed, and its exit code. */
    record Printed(int exit, List<String> out, List<String> err) {
        /** Both streams as one text. */
        String text() {
            return String.join("\n", out) + "\n" + String.join("\n", err);
        }
    }

    /** Runs a command as an operator. */
    Printed run(String... words) throws InterruptedException {
        return run(Role.OPERATOR, words);
    }

    /** Runs a command as somebody of that role. The command line is looked up each time, since its bundle may be replaced. */
    Printed run(Role role, String... words) throws InterruptedException {
        ServiceReference<CommandLine> reference = context.getServiceReference(CommandLine.class);
        CommandLine cli = reference == null ? null : context.getService(reference);
        if (cli == null) {
            return new Printed(5, List.of(), List.of("there is no command line"));
        }
        List<String> out = new ArrayList<>();
        List<String> err = new ArrayList<>();
        Output output = new Output() {
            @Override
            public void out(String line) {
                out.add(line);
            }

            @Override
            public void err(String line) {
                err.add(line);
            }

            @Override
            public void ask(String question) {
                err.add(question);
            }

            @Override
            public void flush() {
                // Nobody reads along.
            }

            @Override
            public boolean closed() {
                return false;
            }
        };
        try {
            Caller caller = new Caller("tester", Set.of(role), "cli", "local");
            return new Printed(cli.run(new Invocation(List.of(words), caller, false, 0, false), output), out, err);
        } finally {
            context.ungetService(reference);
        }
    }

    /** Runs a command until it ends with that exit code. */
    Printed runUntil(int exit, String... words) throws Exception {
        Printed[] last = new Printed[1];
        Await.until(String.join(" ", words) + " to end with " + exit, () -> {
            last[0] = run(words);
            return last[0].exit() == exit;
        }, () -> String.valueOf(last[0]));
        return last[0];
    }
}
