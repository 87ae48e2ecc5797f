package org.dvs.itests.nodes;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One life of a {@link WriterNode}, from outside. Commands come from one thread. */
final class WriterProcess {
    private static final int PATIENCE_S = 300;
    private static final String END = " ;";

    private final String name;
    private final Process process;
    private final Writer commands;
    private final Thread listener;
    private final Consumer<String> wrong;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private volatile boolean joined;
    private volatile Ledger ledger = new Ledger();
    private volatile String prefix = "";

    /** @param wrong hears what the node itself says is wrong */
    WriterProcess(String name, List<String> command, File log, Consumer<String> wrong) throws IOException {
        this.name = name;
        this.wrong = wrong;
        process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log)).start();
        commands = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        listener = new Thread(this::listen, "listen-" + name);
        listener.setDaemon(true);
        listener.start();
    }

    private void listen() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.endsWith(END)) {
                    heard(line.substring(0, line.length() - END.length()));
                }
            }
        } catch (IOException e) {
            wrong.accept(name + " is not heard any more: " + e);
        }
    }

    private void heard(String line) {
        String[] words = line.split(" ");
        switch (words[0]) {
            case "joined" -> joined = true;
            case "w" -> wrong.accept(name + ": " + line.substring(2));
            case "a" -> ledger.acknowledged(prefix, Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]),
                    Long.parseLong(words[4]));
            case "r" -> ledger.refused(prefix, Long.parseLong(words[1]), words[2]);
            case "u" -> ledger.unknown(prefix, Long.parseLong(words[1]));
            default -> answers.add(line);
        }
    }

    String name() {
        return name;
    }

    boolean joined() {
        return joined;
    }

    String prefix() {
        return prefix;
    }

    long pid() {
        return process.pid();
    }

    void say(String command) {
        try {
            commands.write(command + "\n");
            commands.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " does not take '" + command + "'", e);
        }
    }

    /** The next answer. */
    String answer() throws InterruptedException {
        String answer = answers.poll(PATIENCE_S, TimeUnit.SECONDS);
        if (answer == null) {
            throw new AssertionError(name + " has not answered within " + PATIENCE_S + " s");
        }
        return answer;
    }

    String ask(String command) throws InterruptedException {
        say(command);
        return answer();
    }

    /** Writes without a pause from now on; what becomes of it is in the ledger. */
    void write(Ledger into, String where) {
        ledger = into;
        prefix = where;
        into.begin(where);
        say("write " + where);
    }

    /** @return null if it cannot be told now */
    List<Ledger.Held> dump(String where) throws InterruptedException {
        List<Ledger.Held> held = new ArrayList<>();
        say("dump " + where);
        String line = answer();
        while (line.startsWith("d ")) {
            String[] words = line.split(" ");
            held.add(new Ledger.Held(Long.parseLong(words[1]), words[2]));
            line = answer();
        }
        return line.equals("dumped " + held.size()) ? held : null;
    }

    /** Kills it as a power cut of the machine would, apart from what the kernel still writes. All it has said is heard then. */
    void kill() throws InterruptedException {
        // Through the handle: the process would close its output, with what is still unread in it.
        process.toHandle().destroyForcibly();
        process.waitFor();
        listener.join(PATIENCE_S * 1000L);
    }
}
