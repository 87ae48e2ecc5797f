package org.dvs.itests.nodes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.Change;
import org.dvs.cluster.jgroups.internal.engine.CutEngine;
import org.dvs.cluster.jgroups.internal.engine.Engine;
import org.dvs.cluster.jgroups.internal.engine.Settings;
import org.dvs.security.internal.identity.NodeIdentity;
import org.dvs.security.internal.keys.KeyFolder;

/**
 * A node without a container, in a process of its own that may be killed at any moment: the engine with TLS and its log on disk.
 * Does what its standard input says, one command a line:
 * <pre>
 *   write P     writes P/0, P/1, … until the next stop; every second one only if the key is absent
 *   stop        stopped                                     when every write has an outcome
 *   sync        synced | unsynced CODE
 *   read K      read MOMENT VALUE AGE OLD | unread CODE AGE OLD     VALUE after a sync; OLD before, then AGE milliseconds old
 *   put K V     put MOMENT | unput CODE
 *   dump P      lines "d VERSION KEY", then dumped COUNT    after a sync
 *   clear P     cleared | uncleared CODE
 *   weigh N     weighed | unweighed CODE                    N changes of {@link #WEIGHT_BYTES}, each an entry of its own
 *   state       state LEADER MEMBERS                        names; - for none
 *   admit N, expel N    done | undone CODE
 *   deaf N,N    (no answer)                                 hears nothing of these nodes from now on; - for none
 * </pre>
 * Tells each outcome of a write: {@code a NUMBER VERSION BEGUN ENDED} acknowledged, {@code r NUMBER CODE} refused, {@code
 * u NUMBER} unknown; {@code w TEXT} when its watch saw something that cannot be. Every line ends with {@code " ;"}, so that one
 * that was cut off is told. Moments are of the system's monotonic clock, the same for all processes, in nanoseconds.
 */
public final class WriterNode {
    static final int IN_FLIGHT = 64;
    private static final int EACH_TICK = 4;
    private static final int TICK_MS = 5;
    static final int WEIGHT_BYTES = 60 * 1024;
    private static final int WEIGHTS_AT_ONCE = 8;
    private static final long PAUSE_NANOS = 50_000_000;
    private static final int WITHIN_S = 60;

    private final Engine engine;
    private final CutEngine cut;
    private final PrintStream out;
    private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
    private final Semaphore room = new Semaphore(IN_FLIGHT);
    private final Map<String, Long> watched = new HashMap<>();
    private volatile String prefix = "";
    private volatile long notBefore = System.nanoTime();
    private long number;
    private long newest;

    private WriterNode(Settings settings, Path keys, PrintStream out) throws DvsException {
        this.out = out;
        cut = new CutEngine(settings, NodeIdentity.of(new KeyFolder(keys, Clock.systemUTC(), new SecureRandom())));
        engine = cut.engine();
    }

    /** @param args folder with {@code keys}; own {@code host:port}; seeds; founders, {@code -} for none */
    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, UTF_8);
        Path folder = Path.of(args[0]);
        InetSocketAddress own = address(args[1]);
        List<InetSocketAddress> seeds = Stream.of(args[2].split(",")).map(WriterNode::address).toList();
        List<String> founders = args[3].equals("-") ? List.of() : List.of(args[3].split(","));
        WriterNode node = new WriterNode(new Settings(own.getAddress(), own.getPort(), seeds, founders, folder.resolve("log"),
                1_500, 200, 300, 900, 60_000, 8_192, 16 << 20), folder.resolve("keys"), out);
        node.run();
        // The parent is gone, or wants it to end: no leave to take, as with a power cut.
        Runtime.getRuntime().halt(0);
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    private void tell(String line) {
        synchronized (out) {
            out.print(line + " ;\n");
            out.flush();
        }
    }

    private AgreedState state() {
        return engine.state();
    }

    private void run() throws IOException {
        state().watch("w/", this::watched);
        engine.start();
        engine.joined().whenComplete((view, failure) -> tell(failure == null ? "joined"
                : "w cannot join: " + failure.getMessage()));
        pace.scheduleWithFixedDelay(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            obey(line.split(" "));
        }
    }

    /** Each key is written once and then removed, and the versions grow. */
    private void watched(String key, Optional<AgreedState.Entry> entry) {
        if (entry.isEmpty()) {
            watched.remove(key);
            return;
        }
        long version = entry.get().version();
        Long before = watched.put(key, version);
        if (before != null && before != version) {
            tell("w " + key + " was written twice, as " + before + " and " + version);
        }
        if (version <= newest) {
            tell("w " + key + " of version " + version + " came after version " + newest);
        }
        newest = Math.max(newest, version);
    }

    // ------------------------------------------------------------------------------------------------------------- writing

    private void tick() {
        String now = prefix;
        if (now.isEmpty() || System.nanoTime() - notBefore < 0) {
            return;
        }
        for (int i = 0; i < EACH_TICK && room.tryAcquire(); i++) {
            write(now, number++);
        }
    }

    private void write(String where, long which) {
        String key = where + "/" + which;
        Change change = new Change().put(key, key.getBytes(UTF_8));
        if (which % 2 == 0) {
            change.expectAbsent(key);
        }
        long begun = System.nanoTime();
        state().commit(change).whenComplete((version, failure) -> {
            if (failure == null) {
                tell("a " + which + " " + version + " " + begun + " " + System.nanoTime());
            } else if (code(failure).equals(ErrorCode.UNKNOWNOUTCOME.name())) {
                tell("u " + which);
            } else {
                tell("r " + which + " " + code(failure));
                notBefore = System.nanoTime() + PAUSE_NANOS;
            }
            room.release();
        });
    }

    private static String code(Throwable failure) {
        boolean wrapped = failure instanceof CompletionException || failure instanceof ExecutionException;
        Throwable cause = wrapped ? failure.getCause() : failure;
        return cause instanceof DvsException known ? known.code().name() : cause.toString().replace(' ', '_');
    }

    // ------------------------------------------------------------------------------------------------------------- commands

    private void obey(String[] words) {
        String what = words.length > 1 ? words[1] : "";
        switch (words[0]) {
            case "write" -> begin(what);
            case "stop" -> stop();
            case "sync" -> tell(attempt(() -> {
                state().sync().get(WITHIN_S, TimeUnit.SECONDS);
                return "synced";
            }, "unsynced"));
            case "read" -> read(what);
            case "put" -> tell(attempt(() -> {
                state().commit(new Change().put(what, words[2].getBytes(UTF_8))).get(WITHIN_S, TimeUnit.SECONDS);
                return "put " + System.nanoTime();
            }, "unput"));
            case "dump" -> tell(attempt(() -> dump(what), "undumped"));
            case "clear" -> tell(attempt(() -> clear(what), "uncleared"));
            case "weigh" -> tell(attempt(() -> weigh(Integer.parseInt(what)), "unweighed"));
            case "state" -> tell("state " + engine.leader().orElse("-") + " " + String.join(",",
                    engine.view().members().stream().map(member -> member.name()).toList()));
            case "admit" -> tell(attempt(() -> {
                engine.admit(Integer.parseInt(what)).get(WITHIN_S, TimeUnit.SECONDS);
                return "done";
            }, "undone"));
            case "expel" -> tell(attempt(() -> {
                engine.expel(Integer.parseInt(what)).get(WITHIN_S, TimeUnit.SECONDS);
                return "done";
            }, "undone"));
            case "deaf" -> {
                Set<Integer> nodes = new HashSet<>();
                if (!what.equals("-")) {
                    Arrays.stream(what.split(",")).map(Integer::valueOf).forEach(nodes::add);
                }
                cut.hearNothingOf(nodes);
            }
            default -> tell("w unknown command " + words[0]);
        }
    }

    /** What may fail with the code of a {@link DvsException}. */
    @FunctionalInterface
    private interface Attempt {
        String run() throws Exception;
    }

    private static String attempt(Attempt attempt, String otherwise) {
        try {
            return attempt.run();
        } catch (ExecutionException e) {
            return otherwise + " " + code(e);
        } catch (TimeoutException e) {
            return otherwise + " TIMEOUT";
        } catch (Exception e) {
            return otherwise + " " + e.toString().replace(' ', '_');
        }
    }

    private void begin(String where) {
        pace.execute(() -> {
            number = 0;
            prefix = where;
        });
    }

    private void stop() {
        prefix = "";
        try {
            // Behind a tick that may still be writing.
            pace.submit(() -> { }).get(WITHIN_S, TimeUnit.SECONDS);
            boolean all = room.tryAcquire(IN_FLIGHT, WITHIN_S, TimeUnit.SECONDS);
            if (all) {
                room.release(IN_FLIGHT);
            }
            tell(all ? "stopped" : "w some writes have had no outcome for " + WITHIN_S + " s");
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            tell("w " + e);
        }
    }

    private void read(String key) {
        Duration age = state().age();
        String before = " " + age.toMillis() + " " + value(key);
        tell(attempt(() -> {
            state().sync().get(WITHIN_S, TimeUnit.SECONDS);
            return "read " + System.nanoTime() + " " + value(key);
        }, "unread") + before);
    }

    private String value(String key) {
        return state().get(key).map(entry -> new String(entry.value(), UTF_8)).orElse("-");
    }

    private String dump(String where) throws Exception {
        state().sync().get(WITHIN_S, TimeUnit.SECONDS);
        List<Map.Entry<String, AgreedState.Entry>> entries = new ArrayList<>(state().list(where).entrySet());
        entries.sort((one, other) -> Long.compare(one.getValue().version(), other.getValue().version()));
        synchronized (out) {
            for (Map.Entry<String, AgreedState.Entry> entry : entries) {
                boolean right = new String(entry.getValue().value(), UTF_8).equals(entry.getKey());
                out.print("d " + entry.getValue().version() + " " + entry.getKey() + (right ? "" : "=other") + " ;\n");
            }
            out.flush();
        }
        return "dumped " + entries.size();
    }

    private String weigh(int count) throws Exception {
        byte[] weight = new byte[WEIGHT_BYTES];
        Deque<CompletableFuture<Long>> underWay = new ArrayDeque<>();
        for (int i = 0; i < count; i++) {
            underWay.addLast(state().commit(new Change().put("weight", weight)));
            if (underWay.size() == WEIGHTS_AT_ONCE) {
                underWay.removeFirst().get(WITHIN_S, TimeUnit.SECONDS);
            }
        }
        for (CompletableFuture<Long> last : underWay) {
            last.get(WITHIN_S, TimeUnit.SECONDS);
        }
        return "weighed";
    }

    private String clear(String where) throws Exception {
        List<String> keys = new ArrayList<>(state().list(where).keySet());
        for (int from = 0; from < keys.size(); from += 1000) {
            Change change = new Change();
            keys.subList(from, Math.min(keys.size(), from + 1000)).forEach(change::remove);
            state().commit(change).get(WITHIN_S, TimeUnit.SECONDS);
        }
        return "cleared";
    }
}
