package org.dvs.proxy.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A {@link TestNode} as a process of its own: {@code NodeProcess ID FOLDER KEYS OWN_ADDRESS OTHER_ADDRESS PORT}. It says how it is when
 * it is asked on its input, one line for one.
 */
final class NodeProcess implements AutoCloseable {
    private static final long ANSWER_S = 90;

    private final Process process;
    private final PrintStream ask;
    private final BufferedReader answer;

    /** @param keys of that node */
    NodeProcess(Veth network, int id, Path folder, Path keys, int port) throws IOException {
        List<String> command = new ArrayList<>(network.in(id));
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m", "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), NodeProcess.class.getName(), Integer.toString(id),
                folder.toString(), keys.toString(), network.address(id), network.address(1 - id), Integer.toString(port)));
        process = new ProcessBuilder(command).redirectError(folder.resolve("node" + id + ".log").toFile()).start();
        ask = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        answer = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** @return the words of its answer */
    String[] ask(String question) throws Exception {
        ask.println(question);
        String said = CompletableFuture.supplyAsync(() -> {
            try {
                return answer.readLine();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }).get(ANSWER_S, TimeUnit.SECONDS);
        if (said == null) {
            throw new IOException("the node has ended when asked " + question);
        }
        return said.split(" ");
    }

    boolean isUp() throws Exception {
        return ask("state")[0].equals("up");
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    // ---- in the process

    public static void main(String[] words) throws Exception {
        int id = Integer.parseInt(words[0]);
        String port = words[5];
        TestNode node = new TestNode(Path.of(words[1]), id, "node own { nodeid " + id + "; baseport " + port
                + "; };\nproxy " + words[4] + " { proxyid " + (1 - id) + "; sport " + (Integer.parseInt(port) + 1 - id)
                + "; batch YES; autobind YES; sequence YES; digest crc32c; };\n").as(TestAuthority.identity(Path.of(words[2])))
                .set("bindAddress", words[3]).set("heartbeatMs", 100).set("silenceMs", 1_000).set("greetingMs", 1_000)
                .set("reconnectMinMs", 10).set("reconnectMaxMs", 100).start();
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        AcrossPrograms programs = null;
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            String[] question = line.split(" ");
            System.out.println(switch (question[0]) {
                case "state" -> node.link(1 - id).state();
                case "serve" -> {
                    programs = new AcrossPrograms(node.kernel, id);
                    yield Long.toString(programs.serve());
                }
                case "call" -> {
                    programs = new AcrossPrograms(node.kernel, id);
                    programs.call(Long.parseLong(question[1]));
                    yield "calling";
                }
                case "good" -> Long.toString(programs.good());
                case "quiet" -> programs.quiet();
                default -> "what?";
            });
        }
        System.exit(0);
    }
}
