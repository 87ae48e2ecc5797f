package org.dvs.helper.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.api.HelperReply;
import org.dvs.helper.api.HelperRequest.NamespaceMake;
import org.dvs.helper.api.HelperRequest.RunBeside;
import org.dvs.helper.api.HelperRequest.RunInDc;
import org.dvs.helper.internal.DcHolders.Holder;
import org.dvs.helper.program.CommandResult;
import org.dvs.helper.program.CommandRunner;
import org.dvs.procfs.NamespaceKind;
import org.dvs.procfs.ProcFile;
import org.dvs.procfs.ProcessTable;
import org.dvs.procfs.UserNames;

/**
 * Makes namespaces, enters them and keeps those of DCs, by {@code unshare} and {@code nsenter}: a JVM has too many threads to
 * do so
 * itself. Any thread; what a DC has is changed by one at a time.
 *
 * <p>Source: dvsd reference 8.
 */
final class Namespaces {
    private static final String NSENTER = "/usr/bin/nsenter";
    private static final String NO_PROGRAM = "nsenter: failed to execute ";
    private static final List<String> HOLDER = List.of("/usr/bin/sleep", "infinity");
    private static final String HOSTNAME = "/usr/bin/hostname";
    private static final String LSNS = "/usr/bin/lsns";
    private static final int LIST_OUTPUT = 64 * 1024;
    private static final int MAX_NUMBERS = 1_000;
    private static final String NUMBER = "\\d{1,18}";
    private static final long SETUP_MS = 5_000;
    private static final int SETUP_OUTPUT = 1_024;

    private final Path root;
    private final CommandRunner runner;
    private final Signals signals;
    private final DcGroups groups;
    private final DcHolders holders;
    private final NodeUser user;
    private final Links links;
    private final Running running;

    Namespaces(Path root, CommandRunner runner, Signals signals, DcGroups groups, DcHolders holders, NodeUser user, Links links,
            Running running) {
        this.links = links;
        this.running = running;
        this.root = root;
        this.runner = runner;
        this.signals = signals;
        this.groups = groups;
        this.holders = holders;
        this.user = user;
    }

    /** @return process id, tick of its start, inode */
    synchronized HelperReply make(NamespaceMake request) throws DvsException, InterruptedException {
        NamespaceKind kind = request.kind();
        if (!kind.supported(root)) {
            throw new DvsException(ErrorCode.INVAL, "not supported here, because this kernel has no " + kind.file()
                    + " namespaces");
        }
        boolean ofDc = request.dcid() >= 0;
        if (ofDc && kind == NamespaceKind.USER) {
            throw new DvsException(ErrorCode.INVAL, "a DC has no user namespace: its programs keep the node's user");
        }
        if (ofDc && holders.of(request.dcid()).stream().anyMatch(each -> each.kind() == kind)) {
            throw new DvsException(ErrorCode.BUSY, "DC " + request.dcid() + " has a " + kind.file() + " namespace");
        }
        List<String> program = ofDc ? HOLDER : request.argv();
        try (Gate gate = Gate.behind(unshare(request), kind == NamespaceKind.USER ? program : user.dropped(program), user,
                kind)) {
            int pid = gate.await(root, kind);
            if (!request.hostName().isEmpty()) {
                setUp(List.of(NSENTER, "--target", Integer.toString(pid), "--uts", "--", HOSTNAME, request.hostName()));
            }
            links.give(request.link(), pid);
            long inode = kind.inode(root, pid);
            long start = new ProcessTable(root, new UserNames(root)).startTicks(pid);
            if (ofDc) {
                holders.add(request.dcid(), new Holder(kind, pid, start));
            }
            gate.open();
            return HelperReply.of((long) pid, start, inode);
        }
    }

    private static List<String> unshare(NamespaceMake request) {
        List<String> words = new ArrayList<>(List.of("/usr/bin/unshare", "--" + request.kind().option()));
        switch (request.kind()) {
            case PID -> words.addAll(List.of("--fork", "--kill-child"));
            case USER -> words.add("--map-root-user");
            case MNT -> words.addAll(List.of("--propagation", request.shared() ? "slave" : "private"));
            default -> {
                // Needs nothing more.
            }
        }
        words.add("--");
        return words;
    }

    private void setUp(List<String> command) throws DvsException, InterruptedException {
        CommandResult result = runner.run(command, null, SETUP_MS, SETUP_OUTPUT);
        if (result.exitCode() != 0) {
            throw refused(result.err(), "setting up the namespace");
        }
    }

    synchronized HelperReply of(int dcid) throws DvsException {
        List<Long> numbers = new ArrayList<>();
        for (Holder holder : holders.of(dcid)) {
            numbers.addAll(List.of((long) holder.kind().ordinal(), (long) holder.pid(), holder.start()));
        }
        return HelperReply.of(numbers, List.of());
    }

    /** Ends the holders; programs that still run keep the namespaces alive, and a PID namespace ends with its holder. */
    synchronized HelperReply release(int dcid) throws DvsException {
        long count = 0;
        for (Holder holder : holders.of(dcid)) {
            signals.check(holder.pid(), holder.start());
            count += ProcessHandle.of(holder.pid()).map(ProcessHandle::destroyForcibly).orElse(false) ? 1 : 0;
        }
        holders.forget(dcid);
        return HelperReply.of(count);
    }

    /** DCs that have namespaces. */
    java.util.Set<Integer> dcs() {
        return holders.dcs();
    }

    HelperReply parents(NamespaceKind kind) throws DvsException, InterruptedException {
        CommandResult result = runner.run(List.of(LSNS, "--noheadings", "--raw", "--output", "NS,PNS", "--type", kind.file()),
                null,
                SETUP_MS, LIST_OUTPUT);
        List<Long> numbers = new ArrayList<>();
        for (String line : result.out().split("\n")) {
            String[] fields = line.split(" ");
            // One more than an answer holds is unknown, as is all where this lsns knows no parents.
            if (numbers.size() < MAX_NUMBERS && fields.length == 2 && fields[0].matches(NUMBER) && fields[1].matches(NUMBER)) {
                numbers.addAll(List.of(Long.parseLong(fields[0]), Long.parseLong(fields[1])));
            }
        }
        return HelperReply.of(numbers, List.of());
    }

    synchronized void releaseAll() {
        for (int dcid : holders.dcs()) {
            try {
                release(dcid);
            } catch (DvsException e) {
                // Its holders are gone, or its file is damaged: nothing that could still be ended.
                continue;
            }
        }
    }

    HelperReply beside(RunBeside request) throws DvsException, InterruptedException {
        checkAlive(request.pid(), request.start());
        NamespaceKind kind = request.kind();
        List<String> enter = List.of(NSENTER, "--target", Integer.toString(request.pid()), "--" + kind.option());
        List<String> words = new ArrayList<>();
        if (kind == NamespaceKind.USER) {
            checkUsers(request.pid());
            words.addAll(user.enteringAsRoot(enter, request.argv()));
        } else {
            if (kind == NamespaceKind.MNT) {
                checkFiles(request.pid(), request.start());
            }
            words.addAll(user.entering(enter, request.argv()));
        }
        return ran(run(words, null, request.timeoutMs(), request.maxOutput(), pid -> { }), "process " + request.pid());
    }

    HelperReply inDc(RunInDc request) throws DvsException, InterruptedException {
        List<String> words = new ArrayList<>(Gate.COMMAND);
        List<Holder> held = holders.of(request.dcid());
        if (held.isEmpty()) {
            words.addAll(user.dropped(request.argv()));
        } else {
            List<String> enter = new ArrayList<>(List.of(NSENTER));
            for (Holder holder : held) {
                enter.add("--" + holder.kind().option() + "=/proc/" + holder.pid() + "/ns/" + holder.kind().file());
            }
            words.addAll(user.entering(enter, request.argv()));
        }
        return ran(run(words, Gate.OPEN + request.stdin(), request.timeoutMs(), request.maxOutput(),
                pid -> groups.placeInDc(request.dcid(), (int) pid)), "DC " + request.dcid());
    }

    private CommandResult run(List<String> words, String stdin, int timeoutMs, int maxOutput, CommandRunner.Started started)
            throws DvsException, InterruptedException {
        AtomicLong noted = new AtomicLong(-1);
        try {
            return runner.run(words, stdin, timeoutMs, maxOutput, pid -> {
                running.began(pid);
                noted.set(pid);
                started.process(pid);
            });
        } finally {
            if (noted.get() >= 0) {
                running.ended(noted.get());
            }
        }
    }

    private void checkAlive(int pid, long start) throws DvsException {
        long now = new ProcessTable(root, new UserNames(root)).startTicks(pid);
        if (now < 0 || now != start) {
            throw new DvsException(ErrorCode.SRCH, "process " + pid + (now < 0 ? "" : " ended; another has its id now"));
        }
    }

    /**
     * Whoever is root in there has power over all that runs there, so it must be the node's user's own; and root in there must
     * be nobody but the node's user out here: in one that a service of the machine has, it may be the machine's.
     */
    private void checkUsers(int pid) throws DvsException {
        if (user.uid() < 0) {
            return;
        }
        ProcFile status = new ProcFile();
        status.read(root.resolve("proc/" + pid + "/status").toString());
        if (status.number("Uid:", 0) != user.uid() || IdMap.ofZero(root, pid, "uid_map") != user.uid()
                || IdMap.ofZero(root, pid, "gid_map") != user.gid()) {
            throw new DvsException(ErrorCode.PERM, "the user namespace of process " + pid + " is not of the node's user");
        }
    }

    /** Whoever is root of another user namespace chooses what the files of its mount namespaces are, those of programs too. */
    private void checkFiles(int pid, long start) throws DvsException {
        long own = NamespaceKind.USER.inode(root, (int) ProcessHandle.current().pid());
        long its = NamespaceKind.USER.inode(root, pid);
        if (its < 0 && own >= 0) {
            checkAlive(pid, start);
            throw new DvsException(ErrorCode.PERM, "the user namespace of process " + pid + " may not be looked at");
        }
        // Both are -1 where the kernel has none.
        if (its != own) {
            throw new DvsException(ErrorCode.PERM, "the files that process " + pid
                    + " sees are chosen in a user namespace that is not the machine's");
        }
    }

    private static HelperReply ran(CommandResult result, String what) throws DvsException {
        // That there is no such program is told as where nothing is entered: by the result.
        if (result.exitCode() != 0 && result.err().startsWith("nsenter: ") && !result.err().startsWith(NO_PROGRAM)
                && !result.overdue()) {
            throw refused(result.err(), "the namespace of " + what);
        }
        return HelperReply.of(result);
    }

    static DvsException refused(String err, String what) {
        ErrorCode code = err.contains("not permitted") || err.contains("Permission denied") ? ErrorCode.PERM
                : err.contains("No space left") ? ErrorCode.NOSPC : err.contains("No such file")
                || err.contains("No such process")
                ? ErrorCode.SRCH : err.contains("Invalid argument") ? ErrorCode.INVAL : ErrorCode.IO;
        String line = err.lines().findFirst().orElse("no reason was given");
        return new DvsException(code, what + ": " + org.dvs.api.Printable.line(line, 200));
    }
}
