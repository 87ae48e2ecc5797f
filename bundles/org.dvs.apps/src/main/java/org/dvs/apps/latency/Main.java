package org.dvs.apps.latency;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.apps.CommandLine;
import org.dvs.apps.Running;
import org.dvs.client.DvsClient;
import org.dvs.kernel.api.Endpoint;

/** <em>latency</em> as a program outside the container: {@code dvs-latency}. */
public final class Main {
    /** A day. */
    private static final int MAX_SECONDS = 86_400;
    /** That the last round trip may take longer. */
    private static final long GRACE_MS = 1_000;
    private static final String HELP = """
            Usage: dvs-latency --socket PATH server DCID ENDPOINT
                   dvs-latency --socket PATH client DCID ENDPOINT SERVER [LOOPS] [--seconds SECONDS]

            Times round trips between two programs of a DC. PATH is kernel.sock in the node's data folder.
            The server answers until it is ended; the client asks LOOPS times (1..1000000, by default 1000), for SECONDS
            (1..86400, by default a day) at most, and prints the figures.
            """;

    private Main() {
    }

    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out, System.err));
    }

    static int run(String[] arguments, PrintStream out, PrintStream err) {
        return CommandLine.run("dvs-latency", HELP, arguments, out, err, (dvs, words) -> run(dvs, words, out));
    }

    private static void run(DvsClient dvs, CommandLine words, PrintStream out) throws DvsException {
        String seconds = words.option("--seconds", null);
        long runMs = TimeUnit.SECONDS.toMillis(seconds == null ? MAX_SECONDS
                : CommandLine.number("SECONDS", seconds, 1, MAX_SECONDS));
        String role = words.role();
        CommandLine.refuse(seconds != null && role.equals("server"), "--seconds", role);
        if (role.equals("server") && words.size() == 2) {
            try (Endpoint self = dvs.bind(words.number(0), words.number(1), "latencyd")) {
                Running.announce(self, out, "answers");
                Running.run(Latency.server(), self);
            }
        } else if (role.equals("client") && (words.size() == 3 || words.size() == 4)) {
            int loops = words.size() == 4 ? CommandLine.number("LOOPS", words.word(3), 1, Latency.MAX_LOOPS) : 1000;
            try (Endpoint self = dvs.bind(words.number(0), words.number(1), "latency")) {
                out.println(ask(self, words.number(2), loops, runMs));
            }
        } else {
            throw words.notUnderstood(role);
        }
    }

    /** Waits for the server, if it is not there yet, and asks; what is waited for in vain has its end with the run, too. */
    static Figures ask(Endpoint self, int server, int loops, long runMs) throws DvsException {
        Running.await(self, server, Math.min(runMs, Running.SERVER_MS));
        return Latency.ask(self, server, loops, runMs, GRACE_MS);
    }
}
