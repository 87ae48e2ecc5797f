package org.dvs.itests.container;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Clients that ask for one change after the other, each change a line in a file that a host command writes. Between start and
 * {@link #stop} the node may refuse, break connections or be away, as long as it tells the truth and ends what was asked.
 */
final class Load implements AutoCloseable {
    static final String PROGRAM = "remember-load";
    private static final int CLIENTS = 2;
    private static final long END_S = 90;
    /** Far beyond the 15 s that a change is given: only what has no end is as late, also on a machine under load. */
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Pattern CODE = Pattern.compile("DVS-[A-Z]+-\\d+");

    private final Rest rest;
    private final Path program = Path.of(System.getProperty("karaf.base"), "order", PROGRAM);
    private final Path allowed = Path.of(System.getProperty("karaf.etc"), "org.dvs.host.allow");
    private final String allowedBefore;
    private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    private final AtomicInteger number = new AtomicInteger();
    private final List<String> acknowledged = new CopyOnWriteArrayList<>();
    private final List<String> hung = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> ends = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    Load(Rest rest) throws IOException {
        this.rest = rest;
        Files.createDirectories(program.getParent());
        Files.writeString(program, "#!/bin/sh\nprintf '%s\\n' \"$1\" >>\"${0%/*}/done\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        allowedBefore = Files.readString(allowed);
        Files.writeString(allowed, allowedBefore + "\n" + program + " {word}\n");
        for (int client = 0; client < CLIENTS; client++) {
            clients.execute(this::ask);
        }
    }

    private void ask() {
        while (!stopped) {
            String change = "n" + number.incrementAndGet();
            String end;
            try {
                String answer = rest.cli(ANSWER, "host", "command", "--timeout", "15s", PROGRAM, change);
                end = answer.endsWith("x0\n") ? "acknowledged" : told(answer);
            } catch (HttpTimeoutException e) {
                hung.add(change);
                end = "hung";
            } catch (IOException e) {
                end = e.getClass().getSimpleName();
            } catch (InterruptedException e) {
                return;
            }
            ends.merge(end, 1, Integer::sum);
            if (end.equals("acknowledged")) {
                acknowledged.add(change);
            }
        }
    }

    /** Status and error code of an answer that is no acknowledgement. */
    private static String told(String answer) {
        Matcher code = CODE.matcher(answer);
        return answer.substring(0, 3) + (code.find() ? " " + code.group() : "");
    }

    /** Waits until some more changes were acknowledged. */
    void awaitAcknowledged(int more) throws Exception {
        int before = acknowledged.size();
        Await.until(more + " more changes", () -> acknowledged.size() >= before + more, ends::toString);
    }

    void stop() throws InterruptedException {
        stopped = true;
        clients.shutdown();
        if (!clients.awaitTermination(END_S, TimeUnit.SECONDS)) {
            hung.add("a client");
        }
        System.out.println("changes under load: " + new TreeMap<>(ends));
    }

    private List<String> done() throws IOException {
        Path file = program.resolveSibling("done");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    List<String> lost() throws IOException {
        List<String> done = done();
        return acknowledged.stream().filter(change -> !done.contains(change)).toList();
    }

    List<String> doneTwice() throws IOException {
        List<String> done = new ArrayList<>(done());
        return done.stream().filter(change -> Collections.frequency(done, change) > 1).distinct().toList();
    }

    /** Answers that call being replaced a defect. */
    List<String> defects() {
        return ends.keySet().stream().filter(end -> end.startsWith("500") || end.contains("DVS-SYS-0099")).toList();
    }

    /** Changes whose call had no end within its deadline. */
    List<String> hung() {
        return hung;
    }

    @Override
    public void close() throws IOException {
        stopped = true;
        clients.shutdownNow();
        Files.writeString(allowed, allowedBefore);
    }
}
