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
    /** Longer than a server waits for the memory of a client that stands still, as it waits for one at a time. */
    private static final long TIMEOUT_MS = 120_000;
    /** Set by the script if standard error is a terminal. */
    private static final String TERMINAL = "dvs.terminal";
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
        return CommandLine.run("dvs-m3ftp", HELP, arguments, out, err, (dvs, words) -> run(dvs, words, out, err));
    }

    private static void run(DvsClient dvs, CommandLine words, PrintStream out, PrintStream err) throws DvsException {
        boolean readOnly = words.flag("--read-only");
        boolean resume = words.flag("--resume");
        String blockBytes = words.option("--block", null);
        int block = blockBytes == null ? FileClient.MAX_BLOCK
                : CommandLine.number("--block", blockBytes, FileClient.MIN_BLOCK, FileClient.MAX_BLOCK);
        String role = words.role();
        boolean serves = role.equals("server");
        CommandLine.refuse(readOnly && !serves, "--read-only", role);
        CommandLine.refuse(resume && serves, "--resume", role);
        CommandLine.refuse(blockBytes != null && serves, "--block", role);
        if (serves && words.size() == 3) {
            FileServer server = new FileServer(Path.of(words.word(2)), !readOnly);
            try (Endpoint self = dvs.bind(words.number(0), words.number(1), "m3ftpd")) {
                Running.announce(self, out, "serves " + words.word(2));
                Running.run(server, self);
            }
        } else if ((role.equals("get") || role.equals("put")) && words.size() == 5) {
            try (Endpoint self = dvs.bind(words.number(0), words.number(1), "m3ftp");
                    FileClient client = new FileClient(self, words.number(2), block, TIMEOUT_MS)) {
                Running.await(self, words.number(2), Running.SERVER_MS);
                out.println(transfer(client, words, role.equals("get"), resume, err));
            }
        } else {
            throw words.notUnderstood(role);
        }
    }

    private static Transfer transfer(FileClient client, CommandLine words, boolean get, boolean resume, PrintStream err)
            throws DvsException {
        if (!Boolean.getBoolean(TERMINAL)) {
            return transfer(client, words, get, resume, Progress.NONE);
        }
        try (Shown shown = new Shown(err)) {
            return transfer(client, words, get, resume, shown);
        }
    }

    private static Transfer transfer(FileClient client, CommandLine words, boolean get, boolean resume, Progress progress)
            throws DvsException {
        return get ? client.get(words.word(3), local(words.word(4)), resume, progress)
                : client.put(local(words.word(3)), words.word(4), resume, progress);
    }

    /** A path has forgotten what a word has at its end. */
    private static Path local(String word) throws DvsException {
        PlainFile.checkName(word);
        return Path.of(word);
    }

    /** Progress on a terminal: one line that is written over, and away when what comes next is printed. */
    private static final class Shown implements Progress, AutoCloseable {
        private static final String AWAY = "\r\033[K";

        private final PrintStream to;
        private long last = System.nanoTime();

        Shown(PrintStream to) {
            this.to = to;
        }

        @Override
        public void at(long done, long size) {
            show("", done, size);
        }

        @Override
        public void compared(long done, long size) {
            show("  of what is there compared", done, size);
        }

        private void show(String what, long done, long size) {
            long now = System.nanoTime();
            if (now - last >= PROGRESS_NANOS) {
                last = now;
                to.printf(Locale.ROOT, AWAY + "%5.1f %%  %d of %d bytes%s", PERCENT * done / size, done, size, what);
            }
        }

        @Override
        public void close() {
            to.print(AWAY);
        }
    }
}
