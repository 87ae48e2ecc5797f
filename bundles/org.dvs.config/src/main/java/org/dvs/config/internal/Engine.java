package org.dvs.config.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

import org.dvs.api.ErrorCode;
import org.dvs.api.LogField;
import org.dvs.api.Printable;
import org.dvs.api.Nearest;
import org.dvs.api.security.Secrets;
import org.dvs.config.api.ConfigStatus;
import org.dvs.config.api.Place;
import org.dvs.config.api.Problem;
import org.dvs.config.internal.cfg.CfgFile;
import org.dvs.config.internal.schema.Schema;
import org.dvs.config.internal.schema.Schemas;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Keeps what is published equal to what the files and the environment say. A file is judged again when its content or its
 * schema has changed, and at each pass while it is bad. Good: its values are published, unless they are published already.
 * Bad: everything stays as it was, each problem is logged once and counted. Gone: its configuration goes too. A file that no
 * installed bundle takes waits for one.
 *
 * <p>Knows no threads and no OSGi; all methods may be called from any thread.
 */
public final class Engine implements ConfigStatus {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    /** What one configuration was judged by, and what came of it. */
    private record Judged(Schema schema, Optional<TextFile> file, Checked checked) {
    }

    private final Folder folder;
    private final KnownBlockFiles blockFiles;
    private final Store store;
    private final Variables variables;
    private final Checker checker;
    private final Map<String, Judged> judged = new TreeMap<>();
    /** What runs, by PID: the newest that was good. */
    private final Map<String, Checked> running = new TreeMap<>();
    private final Set<String> slips = new HashSet<>();
    private final Set<String> strangers = new HashSet<>();
    private Map<String, Problem> astray = Map.of();
    private Schemas schemas = Schemas.NONE;
    private boolean folderBroken;
    private long accepted;
    private long rejected;

    /** @param blockFiles are only looked at for what is wrong with them: who reads them publishes nothing */
    public Engine(Folder folder, KnownBlockFiles blockFiles, Store store, Variables variables, Checker checker) {
        this.folder = folder;
        this.blockFiles = blockFiles;
        this.store = store;
        this.variables = variables;
        this.checker = checker;
    }

    /** Says what the installed bundles take now; counts from the next {@link #pass} on. */
    public synchronized void schemas(Schemas known) {
        schemas = known;
    }

    public synchronized Schemas schemas() {
        return schemas;
    }

    /**
     * Looks at the folder and publishes what has changed.
     *
     * @return true if the folder is in the middle of a change, so that another look should follow soon
     */
    public synchronized boolean pass() {
        try {
            Map<String, TextFile> files = folder.look();
            folderBroken = false;
            Assigned assigned = assign(files);
            sayAstray(assigned.astray());
            Map<String, TextFile> byPid = assigned.byPid();
            Set<String> wanted = new HashSet<>(byPid.keySet());
            for (Map.Entry<String, TextFile> each : byPid.entrySet()) {
                judge(schemaOf(each.getKey()), each.getKey(), Optional.of(each.getValue()));
            }
            for (Schema schema : schemas.all()) {
                if (!byPid.containsKey(schema.pid()) && variables.any(schema)) {
                    wanted.add(schema.pid());
                    judge(schema, schema.pid(), Optional.empty());
                }
                sayVariableSlips(schema);
            }
            retire(wanted, files.keySet());
            for (String name : folder.unread()) {
                if (strangers.add(name)) {
                    LOG.warn("{}", unread(name));
                }
            }
        } catch (IOException e) {
            if (!folderBroken) {
                LOG.error("the configuration folder cannot be read, so nothing in it counts until it can be: {}",
                        Printable.line(e.getMessage()));
                folderBroken = true;
            }
        }
        return folder.unsettled();
    }

    private Schema schemaOf(String pid) {
        int tilde = pid.indexOf('~');
        return schemas.schema(tilde < 0 ? pid : pid.substring(0, tilde)).orElseThrow();
    }

    /**
     * Which file configures what.
     *
     * @param byPid  PID to file
     * @param astray name to problem of each file that configures nothing: no bundle takes it, or another file has its PID
     */
    private record Assigned(Map<String, TextFile> byPid, Map<String, Problem> astray) {
    }

    private Assigned assign(Map<String, TextFile> files) {
        Assigned assigned = new Assigned(new TreeMap<>(), new TreeMap<>());
        files.forEach((name, file) -> {
            Optional<Schemas.Target> target = schemas.target(Folder.stem(name));
            if (target.isEmpty()) {
                assigned.astray().put(name, orphan(name));
                return;
            }
            TextFile earlier = assigned.byPid().putIfAbsent(target.get().pid(), file);
            if (earlier != null) {
                assigned.astray().put(name, new Problem(name, Place.START, ErrorCode.DUPLICATE,
                        target.get().pid() + " is set by " + earlier.name() + " already, which counts; remove one of the two"));
            }
        });
        return assigned;
    }

    /** Says once what is wrong with files that configure nothing. */
    private void sayAstray(Map<String, Problem> now) {
        now.forEach((name, problem) -> {
            if (problem.equals(astray.get(name))) {
                return;
            }
            if (problem.code() == ErrorCode.DUPLICATE) {
                rejected++;
                say(problem, LOG::error);
            } else {
                say(problem, LOG::info);
            }
        });
        astray = now;
    }

    private static void say(Problem problem, BiConsumer<String, Object> level) {
        try (MDC.MDCCloseable code = MDC.putCloseable(LogField.CODE, problem.code().code())) {
            level.accept("{}", problem);
        }
    }

    private Problem orphan(String fileName) {
        List<String> pids = schemas.all().stream().map(Schema::pid).toList();
        return new Problem(fileName, Place.START, ErrorCode.NOCONFIG,
                "no installed bundle takes this" + Nearest.hint(Folder.stem(fileName), pids));
    }

    private static Problem unread(String fileName) {
        return new Problem(fileName, Place.START, ErrorCode.NOCONFIG,
                "is read by nobody: settings of the DVS stand in files org.dvs.*.cfg and org.dvs.*.cfg.json");
    }

    private void judge(Schema schema, String pid, Optional<TextFile> file) {
        Judged before = judged.get(pid);
        boolean again = before != null && before.schema().equals(schema) && before.file().equals(file);
        if (again && before.checked().good()) {
            return;
        }
        Checked checked = checker.check(schema, file.map(CfgFile::parse));
        if (again && checked.problems().equals(before.checked().problems())) {
            // A bad one is held against the world at each pass: the folder or the host that it names may have come.
            return;
        }
        if (checked.good()) {
            try {
                publish(pid, checked);
            } catch (IOException e) {
                // Not noted as judged, so the next pass tries again.
                LOG.error("{}: Configuration Admin did not take it: {}", pid, Printable.line(e.getMessage()));
                return;
            }
            accepted++;
            if (before != null && !before.checked().good()) {
                // Said even if the values are those that ran all along: the errors before it must have an end in the log.
                LOG.info("{}: is good again", file.map(TextFile::name).orElse(pid));
            }
        } else {
            rejected++;
            Set<Problem> known = before == null ? Set.of() : Set.copyOf(before.checked().problems());
            checked.problems().stream().filter(problem -> !known.contains(problem)).forEach(problem -> say(problem, LOG::error));
            LOG.error("{}: {} problem(s), so what ran before goes on", file.map(TextFile::name).orElse(pid), checked.problems()
                    .size());
            rememberEarlierRun(pid);
        }
        judged.put(pid, new Judged(schema, file, checked));
    }

    /** At start a bad file leaves in force what an earlier run published. */
    private void rememberEarlierRun(String pid) {
        if (!running.containsKey(pid)) {
            try {
                store.get(pid).ifPresent(values -> {
                    Map<String, String> origins = new TreeMap<>();
                    values.keySet().forEach(key -> origins.put(key, "an earlier run"));
                    running.put(pid, new Checked(values, origins, List.of()));
                });
            } catch (IOException e) {
                LOG.warn("{}: what runs now cannot be told: {}", pid, Printable.line(e.getMessage()));
            }
        }
    }

    private void publish(String pid, Checked checked) throws IOException {
        Optional<Map<String, Object>> there = store.get(pid);
        if (there.isEmpty() || !same(there.get(), checked.values())) {
            store.put(pid, checked.values());
            LOG.info("{}: published, {} key(s) set", pid, checked.values().size());
        }
        running.put(pid, checked);
    }

    private void retire(Set<String> wanted, Set<String> fileNames) throws IOException {
        Set<String> files = new HashSet<>();
        fileNames.forEach(name -> files.add(Folder.stem(name).replace('~', '-')));
        for (String pid : store.published()) {
            // A file whose bundle is away for an update keeps its configuration.
            if (!wanted.contains(pid) && !files.contains(pid.replace('~', '-'))) {
                store.remove(pid);
                LOG.info("{}: withdrawn, its file is gone", pid);
            }
        }
        running.keySet().removeIf(pid -> !wanted.contains(pid) && !files.contains(pid.replace('~', '-')));
        judged.keySet().removeIf(pid -> !wanted.contains(pid));
    }

    private void sayVariableSlips(Schema schema) {
        variables.slips(schema).forEach((variable, meant) -> {
            if (slips.add(variable)) {
                LOG.warn("environment {}: sets nothing; did you mean {}?", Printable.line(variable), meant);
            }
        });
    }

    private static boolean same(Map<String, Object> one, Map<String, Object> other) {
        return one.keySet().equals(other.keySet())
                && one.entrySet().stream().allMatch(entry -> Objects.deepEquals(entry.getValue(), other.get(entry.getKey())));
    }

    /**
     * Checks what is in the folder and in the environment now, without publishing anything.
     *
     * @param secrets to look for those that settings refer to; empty to leave them alone
     */
    public synchronized List<Problem> check(Optional<Secrets> secrets) throws IOException {
        List<Problem> problems = new ArrayList<>();
        Assigned assigned = assign(folder.read());
        problems.addAll(assigned.astray().values());
        assigned.byPid().forEach((pid, file) -> problems.addAll(check(schemaOf(pid), Optional.of(CfgFile.parse(file)), secrets)));
        for (Schema schema : schemas.all()) {
            if (!assigned.byPid().containsKey(schema.pid()) && variables.any(schema)) {
                problems.addAll(check(schema, Optional.empty(), secrets));
            }
        }
        folder.unread().forEach(name -> problems.add(unread(name)));
        problems.addAll(blockFiles.problems());
        return problems.stream().sorted(Problem.ORDER).toList();
    }

    /** Checks a text as if it stood in the folder under its name, without publishing anything. */
    public synchronized List<Problem> check(TextFile file, Optional<Secrets> secrets) throws IOException {
        Map<String, TextFile> files = new TreeMap<>(folder.read());
        files.put(file.name(), file);
        Assigned assigned = assign(files);
        Problem stray = assigned.astray().get(file.name());
        if (stray != null) {
            return List.of(stray);
        }
        String pid = schemas.target(Folder.stem(file.name())).orElseThrow().pid();
        return check(schemaOf(pid), Optional.of(CfgFile.parse(file)), secrets).stream().sorted(Problem.ORDER).toList();
    }

    private List<Problem> check(Schema schema, Optional<CfgFile> file, Optional<Secrets> secrets) {
        List<Problem> problems = new ArrayList<>(checker.check(schema, file).problems());
        secrets.ifPresent(known -> problems.addAll(checker.unreadable(schema, file, known)));
        return problems;
    }

    /** What runs under a PID; empty if nothing was set, or nothing good since this bundle started. */
    public synchronized Optional<Checked> running(String pid) {
        return Optional.ofNullable(running.get(pid));
    }

    /** PIDs that have settings, those of factories included. */
    public synchronized Set<String> runningPids() {
        return Set.copyOf(running.keySet());
    }

    @Override
    public synchronized long accepted() {
        return accepted;
    }

    @Override
    public synchronized long rejected() {
        return rejected;
    }

    @Override
    public synchronized List<Problem> problems() {
        // A file that waits for its bundle is no problem.
        return Stream.of(judged.values().stream().flatMap(each -> each.checked().problems().stream()),
                astray.values().stream().filter(problem -> problem.code() == ErrorCode.DUPLICATE), blockFiles.problems().stream())
                .flatMap(each -> each).sorted(Problem.ORDER).toList();
    }

    @Override
    public synchronized String hash() {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            running.forEach((pid, checked) -> new TreeMap<>(checked.values()).forEach((key, value) -> {
                String text = pid + '\n' + key + '\n' + shown(value) + '\n';
                sha256.update(text.getBytes(StandardCharsets.UTF_8));
            }));
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** A value as text: those of an array separated by commas. */
    static String shown(Object value) {
        if (value instanceof Object[] array) {
            return String.join(",", java.util.Arrays.stream(array).map(String::valueOf).toList());
        }
        if (value instanceof List<?> list) {
            return String.join(",", list.stream().map(String::valueOf).toList());
        }
        return String.valueOf(value);
    }
}
