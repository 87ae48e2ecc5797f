package org.dvs.registry.internal.kernel;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.DcInfo;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Kernel;
import org.dvs.kernel.api.NodeInfo;
import org.dvs.kernel.api.ProxyFlags;
import org.dvs.registry.internal.dc.DcRecord;

/**
 * Makes a kernel's tables what they should be: compares, and calls the kernel for each difference. Doing it twice does nothing
 * the second time. What goes is done before what comes, so that names and places are free; one refusal does not keep
 * the rest from being done.
 *
 * <p>A node comes up in the kernel only when a proxy pair reaches it: the one that did before, else by convention the one with
 * the node's id. Until then it is not added to its DCs, and nothing is wrong.
 *
 * <p>Remembers what it has done, for one kernel at a time. Used by one thread. Source: dvs-kernel reference 11; dvsd
 * reference 11.
 */
final class Alignment {

    /** Something that the kernel refused. @param what for people, e.g. {@code "adding node2 to DC 0 'web'"} */
    record Refusal(String what, DvsException why) {
    }

    /** When each DC was made that this kernel runs: another one may have got its id. */
    private final Map<Integer, Long> created = new HashMap<>();
    /** Which pair served a node that is not up now. */
    private final Map<Integer, Integer> pairs = new HashMap<>();
    private Kernel known;

    @FunctionalInterface
    private interface Step {
        void run() throws DvsException;
    }

    /** One comparison of one kernel. */
    private final class Run {
        private final Kernel kernel;
        private final Wanted wanted;
        private final List<Refusal> refusals = new ArrayList<>();

        Run(Kernel kernel, Wanted wanted) {
            this.kernel = kernel;
            this.wanted = wanted;
        }

        boolean attempt(String what, Step step) {
            try {
                step.run();
                return true;
            } catch (DvsException e) {
                refusals.add(new Refusal(what, e));
                return false;
            }
        }

        /** @return whether the DVS is initialised now as it should be */
        boolean dvs() {
            Optional<DvsParameters> there = parameters(kernel);
            boolean fits = there.equals(wanted.parameters()) && (there.isEmpty() || wanted.local().id() == local());
            if (!fits && there.isPresent()) {
                created.clear();
                if (!attempt("ending the DVS", kernel::dvsEnd)) {
                    return false;
                }
            }
            if (wanted.parameters().isEmpty()) {
                return false;
            }
            return fits || attempt("initialising the DVS", () -> kernel.dvsInit(wanted.local().id(),
                    kernelName(wanted.local().name()), wanted.parameters().get()));
        }

        private int local() {
            try {
                return kernel.localNode();
            } catch (DvsException e) {
                return -1;
            }
        }

        void endDcs() throws DvsException {
            for (DcInfo there : kernel.dcs()) {
                int dcid = there.settings().dcid();
                DcRecord dc = wanted.dcs().get(dcid);
                boolean stays = dc != null && dc.settings().equals(there.settings())
                        && created.getOrDefault(dcid, dc.createdMs()) == dc.createdMs();
                if (!stays && attempt("ending DC " + dcid + " '" + there.settings().name() + "'", () -> kernel.dcEnd(dcid))) {
                    created.remove(dcid);
                }
            }
        }

        void downNodes(Set<Integer> lost) throws DvsException {
            for (NodeInfo node : kernel.nodes()) {
                int id = node.id();
                boolean gone = lost.contains(id) || wanted.ours().contains(id) && !wanted.nodes().containsKey(id);
                if (gone && id != wanted.local().id()) {
                    pairs.put(id, node.proxy());
                    attempt("taking " + node.name() + " down", () -> kernel.nodeDown(id));
                }
            }
        }

        void upNodes() throws DvsException {
            BitSet bound = new BitSet();
            kernel.proxies().stream().filter(pair -> (pair.flags() & ProxyFlags.IN_USE) != 0)
                    .forEach(pair -> bound.set(pair.id()));
            for (Map.Entry<Integer, String> node : wanted.nodes().entrySet()) {
                int id = node.getKey();
                int before = pairs.getOrDefault(id, id);
                int pair = bound.get(before) ? before : id;
                if (bound.get(pair) && kernel.node(id).flags() == 0) {
                    attempt("bringing " + node.getValue() + " up", () -> kernel.nodeUp(kernelName(node.getValue()), id, pair));
                }
            }
        }

        void dcs() throws DvsException {
            Map<Integer, DcInfo> running = new HashMap<>();
            kernel.dcs().forEach(dc -> running.put(dc.settings().dcid(), dc));
            for (DcRecord dc : wanted.dcs().values()) {
                int dcid = dc.settings().dcid();
                if (running.containsKey(dcid) || attempt("initialising " + dc.shown(), () -> kernel.dcInit(dc.settings()))) {
                    created.put(dcid, dc.createdMs());
                    members(dc);
                }
            }
        }

        private void members(DcRecord dc) throws DvsException {
            int dcid = dc.settings().dcid();
            BitSet there = kernel.dc(dcid).nodes();
            there.clear(wanted.local().id());
            for (int id : there.stream().filter(id -> wanted.ours().contains(id) && !dc.nodes().contains(id)).toArray()) {
                attempt("deleting node " + id + " from " + dc.shown(), () -> kernel.delNode(dcid, id));
            }
            for (int id : dc.nodes()) {
                if (wanted.nodes().containsKey(id) && !there.get(id) && kernel.node(id).flags() != 0) {
                    attempt("adding " + wanted.nodes().get(id) + " to " + dc.shown(), () -> addNode(dcid, id));
                }
            }
        }

        /** A node that went down again meanwhile is added when it is up. */
        private void addNode(int dcid, int id) throws DvsException {
            try {
                kernel.addNode(dcid, id);
            } catch (DvsException e) {
                if (e.code() != ErrorCode.NODEFREE) {
                    throw e;
                }
            }
        }
    }

    /**
     * @param lost nodes that went, also if they have come back: their processes are gone
     * @return what the kernel refused
     */
    List<Refusal> align(Kernel kernel, Wanted wanted, Set<Integer> lost) {
        if (kernel != known) {
            created.clear();
            pairs.clear();
            known = kernel;
        }
        Run run = new Run(kernel, wanted);
        if (run.dvs()) {
            run.attempt("comparing the tables", () -> {
                run.endDcs();
                run.downNodes(lost);
                run.upNodes();
                run.dcs();
            });
        }
        return run.refusals;
    }

    private static Optional<DvsParameters> parameters(Kernel kernel) {
        try {
            return Optional.of(kernel.dvs());
        } catch (DvsException e) {
            return Optional.empty();
        }
    }

    /** Names of the cluster may be longer than the kernel's, which are for listings: the number is what counts. */
    static String kernelName(String name) {
        return name.length() <= DvsParameters.MAX_NAME ? name : name.substring(0, DvsParameters.MAX_NAME);
    }
}
