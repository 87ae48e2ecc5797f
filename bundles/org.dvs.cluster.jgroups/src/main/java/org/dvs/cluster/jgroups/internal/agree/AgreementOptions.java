package org.dvs.cluster.jgroups.internal.agree;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import org.dvs.api.DvsException;

/**
 * What one agreed group needs to know.
 *
 * @param group         name of the group, the same on all nodes: {@code meta}; also names the fork stack and the threads
 * @param raftId        this node's name, e.g. {@code node0}; the main channel's address must carry it under
 *                      {@code RAFT.raft_id_key}
 * @param folder        where the log of this group is kept; made if absent; of this group and this node alone
 * @param initialVoters names of those who found the group, the same on each of them. Empty: this node waits to be admitted. Used
 *                      only while the log is empty; later the log says who votes
 * @param proposeWithin how long a change may wait for a leader before it fails with {@code NOTREADY}
 * @param answerWithin  how long a proposed change may stay without an answer before it fails with {@code UNKNOWNOUTCOME}
 * @param failed        hears, once and on a thread of its own, that this member has stopped for good: leave the main channel then
 */
public record AgreementOptions(String group, String raftId, Path folder, List<String> initialVoters, Duration proposeWithin,
        Duration answerWithin, Consumer<DvsException> failed) {

    public AgreementOptions {
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(raftId, "raftId");
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(failed, "failed");
        initialVoters = List.copyOf(initialVoters);
    }

    /** With the usual deadlines: 1 s to find a leader, 10 s to hear from it. */
    public static AgreementOptions of(String group, String raftId, Path folder, List<String> initialVoters,
            Consumer<DvsException> failed) {
        return new AgreementOptions(group, raftId, folder, initialVoters, Duration.ofSeconds(1), Duration.ofSeconds(10), failed);
    }
}
