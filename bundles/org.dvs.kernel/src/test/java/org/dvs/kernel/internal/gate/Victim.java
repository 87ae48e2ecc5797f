package org.dvs.kernel.internal.gate;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.dvs.client.DvsClient;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;

/** A program in a process of its own, which makes one call and is then killed, frozen or let go on. */
final class Victim implements AutoCloseable {
    static final int BLOCK_BYTES = 1 << 20;
    private static final long LIMIT_S = 180;

    private final Process process;
    private final BufferedReader out;
    /** Of its block of {@link #BLOCK_BYTES} bytes. */
    final long address;

    private Victim(Process process) throws IOException {
        this.process = process;
        out = process.inputReader();
        address = Long.parseLong(line());
    }

    /** @param call its name, peer and, for a copy from the peer, address there */
    static Victim start(Path socket, int dcid, int endpoint, Object... call) throws IOException {
        String java = ProcessHandle.current().info().command().orElse("java");
        List<String> command = new ArrayList<>(List.of(java, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
                System.getProperty("java.class.path"), Victim.class.getName(), socket.toString(), Integer.toString(dcid),
                Integer.toString(endpoint)));
        for (Object word : call) {
            command.add(word.toString());
        }
        return new Victim(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** What it prints next. */
    String line() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException("it ended without a word");
        }
        return line;
    }

    /** With SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Returns when all of its threads stand: whoever has sent the signal does not wait for that. */
    void freeze() throws Exception {
        signal("STOP");
        await().atMost(Duration.ofSeconds(LIMIT_S)).until(this::stands);
    }

    private boolean stands() throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            return threads.allMatch(Victim::isStopped);
        }
    }

    private static boolean isStopped(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (IOException e) {
            // It has ended meanwhile: others may go on, too.
            return false;
        }
    }

    void goOn() throws Exception {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid()).inheritIO().start();
        if (!kill.waitFor(LIMIT_S, TimeUnit.SECONDS) || kill.exitValue() != 0) {
            throw new IOException("kill -" + name + " failed");
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    // ---- the process itself

    public static void main(String[] words) throws Exception {
        Endpoint self = DvsClient.at(Path.of(words[0])).bind(Integer.parseInt(words[1]), Integer.parseInt(words[2]), "victim");
        long own = self.memory().expose(ByteBuffer.allocateDirect(BLOCK_BYTES));
        System.out.println(own);
        int peer = Integer.parseInt(words[4]);
        Message message = new Message(1);
        switch (words[3]) {
            case "send" -> self.send(peer, message, Endpoint.FOREVER);
            case "sendrec" -> self.sendrec(peer, message, Endpoint.FOREVER);
            case "receive" -> self.receive(peer, message, Endpoint.FOREVER);
            case "notify" -> self.notify(peer, Endpoint.FOREVER);
            case "vcopy" -> self.vcopy(peer, Long.parseLong(words[5]), EndpointNumbers.SELF, own, BLOCK_BYTES);
            default -> throw new IllegalArgumentException(words[3]);
        }
        System.out.println("done");
        // Until it is killed, or its parent is gone.
        new InputStreamReader(System.in, StandardCharsets.UTF_8).read();
    }
}
