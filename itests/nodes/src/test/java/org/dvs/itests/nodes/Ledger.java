package org.dvs.itests.nodes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the writers of one round were told, and whether the members hold exactly that. Filled by the threads that listen to the
 * writers, audited when they have stopped.
 */
final class Ledger {
    /** Faults that are told; more of the same would only be longer. */
    private static final int TOLD = 20;

    /** @param begun when the writer asked; ended: when it had the answer, nanoseconds of one clock */
    private record Acknowledged(long version, long begun, long ended) {
    }

    /** A write that a member holds. */
    record Held(long version, String key) {
    }

    private final Map<String, Acknowledged> acknowledged = new HashMap<>();
    private final Map<String, String> refused = new HashMap<>();
    private final Map<String, Long> last = new HashMap<>();
    private int unknown;

    /** A life of a writer begins, which writes under this prefix. */
    synchronized void begin(String prefix) {
        last.put(prefix, -1L);
    }

    synchronized void acknowledged(String prefix, long number, long version, long begun, long ended) {
        acknowledged.put(key(prefix, number), new Acknowledged(version, begun, ended));
    }

    synchronized void refused(String prefix, long number, String code) {
        refused.put(key(prefix, number), code);
    }

    synchronized void unknown(String prefix, long number) {
        key(prefix, number);
        unknown++;
    }

    private String key(String prefix, long number) {
        last.merge(prefix, number, Math::max);
        return prefix + "/" + number;
    }

    synchronized int acknowledged() {
        return acknowledged.size();
    }

    synchronized int refused() {
        return refused.size();
    }

    synchronized int unknown() {
        return unknown;
    }

    /** Acknowledged to writers of this prefix. */
    synchronized long acknowledged(String prefix) {
        return acknowledged.keySet().stream().filter(key -> key.startsWith(prefix + "/")).count();
    }

    /** Acknowledged to writers of this prefix, and begun after a moment. */
    synchronized long acknowledgedSince(String prefix, long moment) {
        return acknowledged.entrySet().stream().filter(each -> each.getKey().startsWith(prefix + "/")
                && each.getValue().begun - moment > 0).count();
    }

    /** @return when the first write that was begun after a moment was acknowledged; the moment itself if none was */
    synchronized long firstSince(long moment) {
        return moment + acknowledged.values().stream().filter(each -> each.begun - moment > 0)
                .mapToLong(each -> each.ended - moment).min().orElse(0);
    }

    /**
     * @param held by each member, in the order of the versions
     * @return what is wrong, in words; empty if nothing is
     */
    synchronized List<String> audit(Map<String, List<Held>> held) {
        List<String> faults = new ArrayList<>();
        List<Held> first = held.values().iterator().next();
        held.forEach((member, writes) -> {
            if (!writes.equals(first)) {
                faults.add(member + " holds " + writes.size() + " writes, " + held.keySet().iterator().next() + " "
                        + first.size() + "; they differ from place " + differ(first, writes) + " on");
            }
            auditMember(member, writes, faults);
        });
        auditOrder(first, faults);
        return faults.size() > TOLD ? new ArrayList<>(faults.subList(0, TOLD)) : faults;
    }

    private static int differ(List<Held> one, List<Held> other) {
        int at = 0;
        while (at < one.size() && at < other.size() && one.get(at).equals(other.get(at))) {
            at++;
        }
        return at;
    }

    private void auditMember(String member, List<Held> writes, List<String> faults) {
        Map<String, Long> there = new HashMap<>();
        long before = 0;
        for (Held write : writes) {
            if (there.put(write.key, write.version) != null || write.version <= before) {
                faults.add(member + " holds " + write.key + " twice, or two writes of version " + write.version);
            }
            before = write.version;
            if (refused.containsKey(write.key)) {
                faults.add(member + " holds " + write.key + ", which was refused with " + refused.get(write.key));
            }
            int slash = write.key.lastIndexOf('/');
            Long heard = last.get(write.key.substring(0, slash));
            if (heard == null || Long.parseLong(write.key.substring(slash + 1)) > heard + WriterNode.IN_FLIGHT) {
                faults.add(member + " holds " + write.key + ", which nobody has written");
            }
        }
        acknowledged.forEach((key, answer) -> {
            Long version = there.get(key);
            if (version == null) {
                faults.add(key + " was acknowledged and is missing on " + member);
            } else if (version != answer.version) {
                faults.add(key + " was acknowledged as " + answer.version + " and is " + version + " on " + member);
            }
        });
    }

    /** What was acknowledged before another one was begun stands before it. */
    private void auditOrder(List<Held> writes, List<String> faults) {
        String latest = null;
        for (Held write : writes) {
            Acknowledged answer = acknowledged.get(write.key);
            if (answer == null) {
                continue;
            }
            if (latest != null && answer.ended - acknowledged.get(latest).begun < 0) {
                faults.add(write.key + " was acknowledged before " + latest + " was begun, and stands behind it");
            }
            if (latest == null || answer.begun - acknowledged.get(latest).begun > 0) {
                latest = write.key;
            }
        }
    }
}
