package org.dvs.helper.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.dvs.api.DvsException;
import org.dvs.helper.api.GroupPath;
import org.dvs.helper.api.HelperReply;
import org.dvs.helper.api.HelperRequest;
import org.dvs.helper.api.HelperRequest.ContainerCall;
import org.dvs.helper.api.HelperRequest.DcForget;
import org.dvs.helper.api.HelperRequest.DcsKept;
import org.dvs.helper.api.HelperRequest.GroupEnable;
import org.dvs.helper.api.HelperRequest.GroupForget;
import org.dvs.helper.api.HelperRequest.GroupMake;
import org.dvs.helper.api.HelperRequest.GroupPlace;
import org.dvs.helper.api.HelperRequest.GroupRemove;
import org.dvs.helper.api.HelperRequest.GroupWrite;
import org.dvs.helper.api.HelperRequest.MountChange;
import org.dvs.helper.api.HelperRequest.NamespaceMake;
import org.dvs.helper.api.HelperRequest.NamespaceParents;
import org.dvs.helper.api.HelperRequest.NamespaceRelease;
import org.dvs.helper.api.HelperRequest.NamespacesOf;
import org.dvs.helper.api.HelperRequest.NetClear;
import org.dvs.helper.api.HelperRequest.NetProbe;
import org.dvs.helper.api.HelperRequest.NetSet;
import org.dvs.helper.api.HelperRequest.NetShow;
import org.dvs.helper.api.HelperRequest.RunBeside;
import org.dvs.helper.api.HelperRequest.RunInDc;
import org.dvs.helper.api.HelperRequest.SendSignal;
import org.dvs.helper.program.CommandRunner;
import org.dvs.procfs.ControlGroups;

/**
 * Does what the helper is asked, with the rights of the process that it is in. Thread-safe.
 */
final class Work implements AutoCloseable {
    private static final String SETSID = "/usr/bin/setsid";
    private static final long KILL_DELAY_MS = 2_000;
    private static final int MOST_DCS = 1_000;

    private final Signals signals;
    private final Engines engines;
    private final Groups groups;
    private final DcGroups dcGroups;
    private final Namespaces namespaces;
    private final NetLimits net;
    private final Mounts mounts;

    /**
     * @param root        the machine's root folder, {@code /} except in tests
     * @param subtree     names of the groups that lead to this node's, such as dvs.slice, node0
     * @param state       folder of what must be known after a restart
     * @param user        with whose rights programs run
     * @param untouchable process ids that get no signal
     */
    Work(Path root, List<String> subtree, Path state, NodeUser user, Set<Long> untouchable) {
        CommandRunner runner = new CommandRunner(SETSID, root, KILL_DELAY_MS);
        this.signals = new Signals(root, runner, untouchable);
        this.engines = new Engines(root, runner);
        ControlGroups controllers = ControlGroups.read(root);
        this.groups = new Groups(controllers, subtree);
        this.dcGroups = new DcGroups(controllers, groups);
        NetTools tools = new NetTools(root, runner, List.of());
        this.net = new NetLimits(root, controllers, subtree, state, groups, tools);
        this.mounts = new Mounts(root, root.resolve("etc/fstab"), runner);
        Running running = new Running(root, state.resolve("running"));
        running.endLeft();
        this.namespaces = new Namespaces(root, runner, signals, dcGroups, new DcHolders(root, state), user,
                new Links(tools), running);
    }

    HelperReply work(HelperRequest request) throws DvsException, InterruptedException {
        if (request instanceof SendSignal signal) {
            signals.send(signal);
        } else if (request instanceof GroupMake make) {
            groups.make(make.controller(), make.path());
        } else if (request instanceof GroupWrite write) {
            groups.write(write.file(), write.path(), write.value());
        } else if (request instanceof GroupPlace place) {
            signals.check(place.pid(), place.start());
            groups.place(place.controller(), place.path(), place.pid());
        } else if (request instanceof GroupEnable enable) {
            groups.enable(enable.controller(), enable.path(), enable.on());
        } else if (request instanceof GroupRemove remove) {
            groups.remove(remove.path());
            net.clear(remove.path(), "");
        } else if (request instanceof GroupForget forget) {
            dcGroups.forget(forget.path());
            net.clear(forget.path(), "");
        } else if (request instanceof NetProbe) {
            return HelperReply.of(List.of(), net.lacking().stream().toList());
        } else if (request instanceof NetSet set) {
            return net.set(set);
        } else if (request instanceof NetClear clear) {
            net.clear(clear.path(), clear.device());
        } else if (request instanceof NetShow show) {
            return net.show(show.path());
        } else if (request instanceof NamespaceMake make) {
            return namespaces.make(make);
        } else if (request instanceof NamespaceRelease release) {
            return namespaces.release(release.dcid());
        } else if (request instanceof NamespacesOf of) {
            return namespaces.of(of.dcid());
        } else if (request instanceof NamespaceParents parents) {
            return namespaces.parents(parents.kind());
        } else if (request instanceof DcsKept) {
            return kept();
        } else if (request instanceof DcForget forget) {
            forget(forget.dcid());
        } else if (request instanceof MountChange change) {
            mounts.change(change);
        } else if (request instanceof RunBeside run) {
            return namespaces.beside(run);
        } else if (request instanceof RunInDc run) {
            return namespaces.inDc(run);
        } else if (request instanceof ContainerCall call) {
            return engines.call(call);
        } else {
            return HelperReply.of(ProcessHandle.current().pid());
        }
        return HelperReply.DONE;
    }

    private HelperReply kept() throws DvsException {
        Set<Integer> dcs = new TreeSet<>(dcGroups.dcs());
        dcs.addAll(namespaces.dcs());
        return HelperReply.of(dcs.stream().limit(MOST_DCS).map(Integer::longValue).toList(), List.of());
    }

    private void forget(int dcid) throws DvsException, InterruptedException {
        namespaces.release(dcid);
        dcGroups.forget(GroupPath.ofDc(dcid));
        net.clearGone();
    }

    /** Ends what was kept for DCs, takes the node's own group away if nobody has one below it, and the limits of networks, which are no group's own. */
    @Override
    public void close() {
        namespaces.releaseAll();
        groups.removeTop();
        try {
            net.clearAll();
        } catch (DvsException e) {
            // The kernel lets nobody in here do so: it let nobody set them either.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
