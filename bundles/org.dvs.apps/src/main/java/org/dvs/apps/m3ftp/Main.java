package org.dvs.apps.m3ftp;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;

import org.dvs.api.DvsException;
import org.dvs.apps.CommandLine;
import org.dvs.apps.Running;
import org.dvs.client.DvsClient;
import org.dvs.kernel.api.Endpoint;

/** <em>m3ftp</em> as a program outside the container: {@code dvs-m3ftp}. */
public final class Main {
    private static final long TIMEOUT_MS = 30_000;
    private static final int LEAST_BLOCK = 4096;
    private static final long PROGRESS_NANOS = 200_000_000L;
    private static final double PERCENT = 100.0;
    private static final String HELP = """
            Usage: dvs-m3ftp --socket PATH server DCID ENDPOINT FOLDER [--read-only]
                   dvs-m3ftp --socket PATH get DCID ENDPOINT SERVER REMOTE LOCAL [--resume] [--block BYTES]
                   dvs-m3ftp --socket PATH put DCID ENDPOINT SERVER LOCAL REMOTE [--resume] [--block BYTES]

            Gets and puts files by blocks between two programs of a DC. PATH is kernel.sock in the node's data folder.
            The server gives and takes files of FOLDER until it is ended. A file gets its name when it is whole and its
            SHA-256 is the same on both sides; --resume goes on with what a broken attempt has left. BYTES: 4096..1048576.
            Behind -- no word is an option.
            """;

    private Main() {
    }

    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out, System.err));
    }

    static int run(String[] arguments, PrintStream out, PrintStream err) {
        Progress progress = System.console() == null ? Progress.NONE : new Shown(err);
        return CommandLine.run("dvs-m3ftp", HELP, arguments, out, err, (dvs, words) -> run(dvs, words, out, progress));
    }

    private static void run(DvsClient dvs, CommandLine words, PrintStream out, Progress progress) throws DvsException {
        boolean readOnly = words.flag("--read-only");
        boolean resume = words.flag("--resume");
        int block = CommandLine.number("--block", words.option("--block", String.valueOf(FileClient.MAX_BLOCK)), LEAST_BLOCK,
                FileClient.MAX_BLOCK);
        String role = words.role();
        if (role.equals("server") && words.size() == 3) {
            FileServer server = new FileServer(Path.of(words.word(2)), !readOnly);
            try (Endpoint self = dvs.bind(words.number(0), words.number(1), "m3ftpd")) {
                out.println("endpoint " + self.number() + " of dc" + self.dcid() + " serves " + words.word(2));
                out.flush();
                Running.run(server, self);
            }
        } else if ((role.equals("get") || role.equals("put")) && words.size() == 5) {
            try (Endpoint self = dvs.bind(words.number(0), words.number(1), "m3ftp");
                    FileClient client = new FileClient(self, words.number(2), block, TIMEOUT_MS)) {
                Running.await(self, words.number(2));
                out.println(role.equals("get") ? client.get(words.word(3), Path.of(words.word(4)), resume, progress)
                        : client.put(Path.of(words.word(3)), words.word(4), resume, progress));
            }
        } else {
            throw words.notUnderstood(role);
        }
    }

    /** Progress on a terminal: one line that is written over. */
    private static final class Shown implements Progress {
        private final PrintStream to;
        private final long begin = System.nanoTime();
        private long last = begin;

        Shown(PrintStream to) {
            this.to = to;
        }

        @Override
        public void at(long done, long size) {
            long now = System.nanoTime();
            if (done == size) {
                to.print("\r\033[K");
            } else if (now - last >= PROGRESS_NANOS) {
                last = now;
                to.printf(Locale.ROOT, "\r\033[K%5.1f %%  %d of %d bytes", PERCENT * done / size, done, size);
            }
        }
    }
}
