package org.dvs.registry.internal.dc;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

import org.dvs.kernel.api.DcSettings;

/**
 * A DC as it stands in the agreed state.
 *
 * @param nodes     ids of its members, never none
 * @param createdMs when it was made; tells it from another one with the same id
 * @param request   id of the request that changed it last
 */
public record DcRecord(DcSettings settings, SortedSet<Integer> nodes, long createdMs, String request) {

    public DcRecord {
        nodes = Collections.unmodifiableSortedSet(new TreeSet<>(nodes));
    }

    DcRecord with(int nodeId, String by) {
        SortedSet<Integer> more = new TreeSet<>(nodes);
        more.add(nodeId);
        return new DcRecord(settings, more, createdMs, by);
    }

    DcRecord without(int nodeId, String by) {
        SortedSet<Integer> fewer = new TreeSet<>(nodes);
        fewer.remove(nodeId);
        return new DcRecord(settings, fewer, createdMs, by);
    }

    /** For people: {@code DC 3 'web'}. */
    public String shown() {
        return "DC " + settings.dcid() + " '" + settings.name() + "'";
    }

    /** @return what differs, e.g. {@code nr_procs 16 instead of 32}; empty if nothing does */
    List<String> differences(DcSettings asked) {
        List<String> differences = new ArrayList<>();
        differ(differences, "name", asked.name(), settings.name());
        differ(differences, "nr_procs", asked.nrProcs(), settings.nrProcs());
        differ(differences, "nr_tasks", asked.nrTasks(), settings.nrTasks());
        differ(differences, "nr_sysprocs", asked.nrSysprocs(), settings.nrSysprocs());
        differ(differences, "nr_nodes", asked.nrNodes(), settings.nrNodes());
        differ(differences, "warn2proc", asked.warn2proc(), settings.warn2proc());
        differ(differences, "warnmsg", asked.warnMessage(), settings.warnMessage());
        differ(differences, "generations", asked.generations(), settings.generations());
        return differences;
    }

    private static void differ(List<String> differences, String field, Object asked, Object there) {
        if (!asked.equals(there)) {
            differences.add(field + ' ' + asked + " instead of " + there);
        }
    }
}
