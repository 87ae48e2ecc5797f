package org.dvs.helper.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.api.GroupPath;
import org.dvs.helper.api.HelperReply;
import org.dvs.helper.api.HelperRequest.NetSet;
import org.dvs.helper.api.HelperRequest.NetShow;
import org.dvs.helper.api.NetLimit;
import org.dvs.helper.internal.NetRules.Count;
import org.dvs.procfs.ControlGroups;
import org.dvs.procfs.ControlGroups.Hierarchy;

/**
 * Limits the traffic of control groups, which have no controller for it: nftables tells the groups apart, queues of the interface
 * hold back what is sent, and what is received too fast is dropped. Any thread; one change at a time, also of several nodes on
 * one machine.
 *
 * <p>What holds is kept in one file, a line for each {@link NetEntry}, as counters alone do not tell whose they are; the kernel's
 * table decides whether it still holds.
 *
 * <p>Source: dvsd reference 7, CGNET mechanism 2 and 3.
 */
final class NetLimits {
    /** So many that the whole table is less than a pipe holds. */
    static final int MOST = 64;

    private final Path root;
    private final Path file;
    private final NetTools tools;
    private final NetQueues queues;
    private final Groups groups;
    private final Optional<String> tree;
    private final NetRules rules;

    /** @param state folder of the file; nobody but this process's user may write there */
    NetLimits(Path root, ControlGroups controllers, List<String> subtree, Path state, Groups groups, NetTools tools) {
        this.root = root;
        this.file = state.resolve("net");
        this.tools = tools;
        this.queues = new NetQueues(tools);
        this.groups = groups;
        this.tree = controllers.ofTraffic();
        this.rules = new NetRules(root, tree.flatMap(controllers::of).orElse(new Hierarchy(2, root, "/", List.of())), subtree);
    }

    /** @return why this machine cannot do it; empty if it can */
    Optional<String> lacking() throws InterruptedException {
        return new NetTrial(tools, tree, rules).lacking();
    }

    synchronized HelperReply set(NetSet request) throws DvsException, InterruptedException {
        groups.require(requireTree(), request.path());
        boolean byClass = tree.equals(Optional.of(ControlGroups.NET_CLASS));
        if (byClass && request.limit().ingressBps() > 0) {
            // A class is of a socket, and only connected ones are known before the packet is taken: a limit with holes is none.
            throw new DvsException(ErrorCode.NOSYS, "not supported here, because with control groups of version 1 the kernel does"
                    + " not tell whose a packet is when it comes in; --egress-bps is");
        }
        try (FileChannel lock = lock()) {
            List<NetEntry> entries = current();
            Optional<NetEntry> before = entries.stream().filter(each -> each.is(request.path(), request.device())).findFirst();
            if (before.isEmpty() && entries.size() >= MOST) {
                throw new DvsException(ErrorCode.NOSPC, "this node limits the traffic of " + MOST + " groups already");
            }
            boolean queued = request.limit().egressBps() > 0;
            if (queued) {
                queues.require(request.device());
            }
            Set<Integer> taken = new HashSet<>(queues.dropped(request.device()).keySet());
            entries.forEach(each -> taken.add(each.number()));
            int number = before.map(NetEntry::number).orElseGet(() -> free(taken));
            NetEntry entry = new NetEntry(request.path(), request.device(), request.limit(), number);
            before.ifPresent(entries::remove);
            entries.add(entry);
            if (queued) {
                queues.limit(entry);
            }
            try {
                if (byClass) {
                    groups.mark(entry.path(), NetRules.classOf(entry));
                }
                apply(entries);
            } catch (DvsException e) {
                if (before.isEmpty()) {
                    queues.remove(entry);
                }
                throw e;
            }
            if (!queued) {
                queues.remove(entry);
            }
        } catch (IOException e) {
            throw new DvsException(ErrorCode.BADFILE, file.toString(), e);
        }
        return HelperReply.DONE;
    }

    private static int free(Set<Integer> taken) {
        int number = 1;
        while (taken.contains(number) && number < NetEntry.MOST) {
            number++;
        }
        return number;
    }

    /** @param device empty for all interfaces */
    synchronized void clear(GroupPath path, String device) throws DvsException, InterruptedException {
        remove(each -> each.is(path, device));
    }

    /** Takes away what is left of groups that are no more. */
    synchronized void clearGone() throws DvsException, InterruptedException {
        remove(each -> false);
    }

    /** Takes all limits of this node away. */
    synchronized void clearAll() throws DvsException, InterruptedException {
        remove(each -> true);
    }

    private void remove(java.util.function.Predicate<NetEntry> which) throws DvsException, InterruptedException {
        if (!Files.exists(file)) {
            return;
        }
        try (FileChannel lock = lock()) {
            List<NetEntry> entries = current();
            List<NetEntry> removed = entries.stream().filter(which).toList();
            entries.removeAll(removed);
            apply(entries);
            for (NetEntry entry : removed) {
                queues.remove(entry);
            }
        } catch (IOException e) {
            throw new DvsException(ErrorCode.BADFILE, file.toString(), e);
        }
    }

    /** An interface that has gone has no row; a limit whose queue somebody else has taken away is shown as none. */
    synchronized HelperReply show(GroupPath path) throws DvsException, InterruptedException {
        List<Long> numbers = new ArrayList<>();
        List<String> devices = new ArrayList<>();
        List<NetEntry> entries = read().stream().filter(each -> each.is(path, "")).toList();
        Map<String, Count> counts = entries.isEmpty() ? Map.of() : rules.counts(tools).orElse(Map.of());
        for (NetEntry entry : entries) {
            Map<Integer, Long> dropped;
            try {
                dropped = queues.dropped(entry.device());
            } catch (DvsException e) {
                if (e.code() == ErrorCode.NOENT) {
                    continue;
                }
                throw e;
            }
            boolean ruled = counts.containsKey("out_" + entry.number());
            NetLimit limit = ruled ? entry.limit() : NetLimit.NONE;
            Count sent = counts.getOrDefault("out_" + entry.number(), Count.NONE);
            Count refused = counts.getOrDefault("in_" + entry.number(), Count.NONE);
            devices.add(entry.device());
            numbers.addAll(List.of(dropped.containsKey(entry.number()) ? limit.egressBps() : 0, limit.ingressBps(), limit.burst(),
                    (long) limit.priority(), limit.mark(), sent.bytes(), sent.packets(),
                    refused.packets() + dropped.getOrDefault(entry.number(), 0L)));
        }
        return numbers.size() == devices.size() * NetShow.NUMBERS ? HelperReply.of(numbers, devices) : HelperReply.DONE;
    }

    private String requireTree() throws DvsException {
        return tree.orElseThrow(() -> new DvsException(ErrorCode.NOSYS, NetTrial.NO_TREE));
    }

    /** What is kept, less what has gone meanwhile: groups that are no more, or all of it if the machine began anew. */
    private List<NetEntry> current() throws DvsException, InterruptedException {
        List<NetEntry> entries = new ArrayList<>();
        for (NetEntry entry : read()) {
            if (groups.exists(requireTree(), entry.path())) {
                entries.add(entry);
            } else {
                queues.remove(entry);
            }
        }
        return entries;
    }

    private List<NetEntry> read() throws DvsException {
        List<NetEntry> entries = new ArrayList<>();
        if (Files.exists(file)) {
            try {
                for (String line : Files.readAllLines(file)) {
                    entries.add(NetEntry.of(line));
                }
            } catch (IOException | IllegalArgumentException e) {
                throw new DvsException(ErrorCode.BADFILE, file.toString(), e);
            }
        }
        return entries;
    }

    /** The kernel first: what is in the file only is shown as no limit, what is in the kernel only could never be taken away. */
    private void apply(List<NetEntry> entries) throws DvsException, InterruptedException, IOException {
        List<String> before = Files.exists(file) ? Files.readAllLines(file) : null;
        LineFile.replace(file, entries.stream().map(NetEntry::line).toList());
        try {
            tools.run(rules.script(entries, rules.counts(tools).orElse(Map.of())), "nft", "-f", "-");
        } catch (DvsException e) {
            if (before != null) {
                LineFile.replace(file, before);
            } else {
                Files.deleteIfExists(file);
            }
            throw e;
        }
        if (entries.isEmpty()) {
            Files.deleteIfExists(file);
        }
    }

    /** Queues of an interface are shared by the nodes of a machine. */
    private FileChannel lock() throws IOException {
        FileChannel channel = FileChannel.open(root.resolve("run/dvs-net.lock"), Set.of(StandardOpenOption.CREATE,
                StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        try {
            channel.lock();
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }
}
