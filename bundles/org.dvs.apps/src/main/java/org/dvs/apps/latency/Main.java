package org.dvs.apps.latency;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.dvs.api.ErrorCode;
import org.dvs.client.DvsClient;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.IpcException;

/** <em>latency</em> as a program outside the container: {@code dvs-latency}. */
public final class Main {
    private static final int USAGE = 2;
    private static final int FAILED = 1;
    private static final int NO_KERNEL = 5;
    private static final long TIMEOUT_MS = 30_000;
    private static final String HELP = """
            Usage: dvs-latency --socket PATH server DCID ENDPOINT
                   dvs-latency --socket PATH client DCID ENDPOINT SERVER [LOOPS]

            Times round trips between two programs of a DC. PATH is kernel.sock in the node's data folder.
            The server answers until it is ended; the client asks LOOPS times (1000) and prints the figures.
            """;

    private Main() {
    }

    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out, System.err));
    }

    static int run(String[] arguments, PrintStream out, PrintStream err) {
        List<String> words = new ArrayList<>(List.of(arguments));
        try {
            int flag = words.indexOf("--socket");
            if (words.contains("--help")) {
                out.print(HELP);
                return 0;
            }
            if (flag < 0 || flag + 1 == words.size()) {
                throw new IllegalArgumentException("--socket PATH is needed");
            }
            Path socket = Path.of(words.remove(flag + 1));
            words.remove(flag);
            return run(DvsClient.at(socket), words, out);
        } catch (IllegalArgumentException e) {
            err.println("dvs-latency: " + e.getMessage());
            err.print(HELP);
            return USAGE;
        } catch (IpcException e) {
            err.println(e.code().code() + " " + e.code().sentence() + " " + e.getMessage());
            err.println("  Next: " + e.code().nextStep());
            return e.code() == ErrorCode.CONNREFUSED ? NO_KERNEL : FAILED;
        }
    }

    private static int run(DvsClient dvs, List<String> words, PrintStream out) throws IpcException {
        String role = words.isEmpty() ? "" : words.get(0);
        if (role.equals("server") && words.size() == 3) {
            serve(dvs, number(words, 1), number(words, 2), out);
            return 0;
        }
        if (role.equals("client") && (words.size() == 4 || words.size() == 5)) {
            int loops = words.size() == 5 ? number(words, 4) : 1000;
            if (loops < 1 || loops > Latency.MAX_LOOPS) {
                throw new IllegalArgumentException("LOOPS: " + loops + " is not in range 1.." + Latency.MAX_LOOPS);
            }
            try (Endpoint self = dvs.bind(number(words, 1), number(words, 2), "latency")) {
                out.println(Latency.ask(self, number(words, 3), loops, TIMEOUT_MS));
            }
            return 0;
        }
        throw new IllegalArgumentException(words.isEmpty() ? "server or client?" : "'" + String.join(" ", words) + "' is not understood");
    }

    private static void serve(DvsClient dvs, int dcid, int endpoint, PrintStream out) throws IpcException {
        try (Endpoint self = dvs.bind(dcid, endpoint, "latencyd")) {
            out.println("endpoint " + self.number() + " of dc" + dcid + " answers");
            out.flush();
            Latency.server().run(self);
        } catch (IpcException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static int number(List<String> words, int index) {
        try {
            return Integer.parseInt(words.get(index));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + words.get(index) + "' is not a number", e);
        }
    }
}
