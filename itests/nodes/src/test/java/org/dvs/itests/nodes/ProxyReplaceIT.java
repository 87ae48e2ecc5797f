package org.dvs.itests.nodes;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.dvs.itests.nodes.ProgramsAcross.PATIENCE_S;
import static org.dvs.itests.nodes.ProgramsAcross.ended;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The bundle org.dvs.proxy of real nodes, replaced as docs/operating.md says, while README's programs run between them. */
@ExtendWith(ThreeNodes.class)
@Tag("R-PXY-14")
class ProxyReplaceIT {
    private static final int UPDATES = 20;
    private static final int LOOPS = 3_000;
    private static final int FILE_BYTES = 8_000_003;
    private static final Pattern LONGEST = Pattern.compile("max ([0-9.]+)");

    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger files = new AtomicInteger();
    private volatile double longestMicros;
    private volatile boolean over;

    /** Repeats until all is over, or something is wrong. */
    private CompletableFuture<Void> again(Callable<String> once) {
        return CompletableFuture.runAsync(() -> {
            while (!over && wrong.isEmpty()) {
                try {
                    String end = once.call();
                    if (!end.isEmpty()) {
                        wrong.add(end);
                    }
                } catch (Exception e) {
                    throw new CompletionException(e);
                }
            }
        });
    }

    private String ask(ProgramsAcross programs) throws Exception {
        Path out = programs.output("asks");
        String end = ended(programs.client(out, LOOPS), out, 0, LOOPS + " round trips: min ");
        Matcher longest = LONGEST.matcher(ProgramsAcross.read(out));
        if (end.isEmpty() && longest.find()) {
            longestMicros = Math.max(longestMicros, Double.parseDouble(longest.group(1)));
        }
        asked.incrementAndGet();
        Files.delete(out);
        return end;
    }

    private String transfer(ProgramsAcross programs, Path file, Path folder) throws Exception {
        Path out = programs.output("puts");
        String end = ended(programs.start("dvs-m3ftp", out, "node0", "put", "0", programs.endpoint(), "20", file.toString(),
                "copy", "--block", "65536"), out, 0, FILE_BYTES + " bytes");
        if (end.isEmpty() && Files.mismatch(file, folder.resolve("copy")) != -1) {
            end = "what came is not what was sent";
        }
        files.incrementAndGet();
        Files.delete(out);
        return end;
    }

    /** Ends of the one TCP connection between the two nodes, as each sees it. */
    private static String connection(ProgramsAcross programs) {
        return programs.pair("node0", 1).path("where").asText() + " and " + programs.pair("node1", 0).path("where").asText();
    }

    private static boolean bothUp(ProgramsAcross programs) {
        return programs.pair("node0", 1).path("state").asText().equals("up")
                && programs.pair("node1", 0).path("state").asText().equals("up");
    }

    private static Path shipped(LocalCluster cluster) throws IOException {
        try (var jars = Files.walk(cluster.home().resolve("image/system/org/dvs/org.dvs.proxy"))) {
            return jars.filter(file -> file.toString().endsWith(".jar")).findFirst().orElseThrow();
        }
    }

    @Test
    void isReplacedTwentyTimesWhileProgramsTalkAndNothingIsLostNorAnyConnectionCut(LocalCluster cluster) throws Exception {
        if (!AdminShell.available()) {
            System.out.println("ProxyReplaceIT is skipped: there is no ssh");
        }
        assumeTrue(AdminShell.available(), "there is no ssh");
        AdminShell shell = new AdminShell(cluster);
        Path folder = Files.createTempDirectory(cluster.home(), "replaced");
        byte[] bytes = new byte[FILE_BYTES];
        new Random(1).nextBytes(bytes);
        Path file = Files.write(folder.resolveSibling(folder.getFileName() + "-file"), bytes);
        String update = "bundle:update --refresh org.dvs.proxy " + shipped(cluster).toUri();
        try (ProgramsAcross programs = new ProgramsAcross(cluster)) {
            programs.serveLatency();
            programs.serve("dvs-m3ftp", 20, folder.toString());
            String before = connection(programs);
            CompletableFuture<Void> talk = CompletableFuture.allOf(again(() -> ask(programs)),
                    again(() -> transfer(programs, file, folder)));
            await().atMost(PATIENCE_S, SECONDS).until(() -> asked.get() > 0 && files.get() > 0 || talk.isDone());
            for (int i = 0; i < UPDATES && wrong.isEmpty(); i++) {
                shell.run("node" + i % 2, update);
                await().atMost(PATIENCE_S, SECONDS).until(() -> bothUp(programs));
            }
            assertEquals(before, connection(programs));
            int done = asked.get() + files.get();
            await().atMost(PATIENCE_S, SECONDS).until(() -> asked.get() + files.get() > done + 1 || talk.isDone());
            over = true;
            talk.get(2 * PATIENCE_S, SECONDS);
            assertEquals(List.of(), wrong);
            for (int node = 0; node < 2; node++) {
                JsonNode sender = programs.rows("node" + node, "proxy", "info", Integer.toString(1 - node)).path(0);
                assertEquals(0, sender.path("failed").asInt(-1) + sender.path("unknown").asInt(-1), sender.toString());
            }
            System.out.printf("org.dvs.proxy replaced %d times during %d round trips and %d files of %d bytes: the longest"
                    + " round trip took %.1f ms%n", UPDATES, asked.get() * LOOPS, files.get(), FILE_BYTES, longestMicros / 1e3);
            assertTrue(longestMicros > 0);
        }
    }
}
