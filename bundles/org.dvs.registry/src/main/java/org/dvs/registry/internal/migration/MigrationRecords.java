package org.dvs.registry.internal.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import org.dvs.api.DvsException;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.AgreedState.Entry;
import org.dvs.cluster.api.Change;

/** The keys of migrations in the agreed state: reads them, and writes them into changes. Stateless; thread-safe. */
final class MigrationRecords {
    static final String ALL = "migration/";
    private static final String OF = "migration/of/";
    private static final String VOTES = "migration/vote/";
    private static final String LAST = "migration/last/";

    private final AgreedState state;

    /** A migration and the version of its entry. */
    record Versioned(Migration migration, long version) {
    }

    MigrationRecords(AgreedState state) {
        this.state = state;
    }

    private static String place(int dcid, int endpoint) {
        return dcid + "/" + endpoint;
    }

    private static String place(Migration migration) {
        return place(migration.dcid(), migration.endpoint());
    }

    /** Those under way. @throws DvsException {@code GENERIC} if one cannot be read */
    List<Versioned> all() throws DvsException {
        List<Versioned> all = new ArrayList<>();
        for (var each : state.list(OF).entrySet()) {
            String[] place = each.getKey().substring(OF.length()).split("/");
            all.add(decode(Integer.parseInt(place[0]), Integer.parseInt(place[1]), each.getKey(), each.getValue()));
        }
        return all;
    }

    private static Versioned decode(int dcid, int endpoint, String key, Entry entry) throws DvsException {
        return new Versioned(MigrationCodec.migration(key, dcid, endpoint, entry.value()), entry.version());
    }

    Optional<Versioned> get(int dcid, int endpoint) throws DvsException {
        String key = OF + place(dcid, endpoint);
        Optional<Entry> entry = state.get(key);
        return entry.isEmpty() ? Optional.empty() : Optional.of(decode(dcid, endpoint, key, entry.get()));
    }

    /** The votes for this migration that are there, by node. */
    SortedMap<Integer, Vote> votes(Migration migration) throws DvsException {
        String prefix = VOTES + place(migration) + "/";
        SortedMap<Integer, Vote> votes = new TreeMap<>();
        for (var each : state.list(prefix).entrySet()) {
            Vote vote = MigrationCodec.vote(each.getKey(), each.getValue().value());
            if (vote.id().equals(migration.id())) {
                votes.put(Integer.valueOf(each.getKey().substring(prefix.length())), vote);
            }
        }
        return votes;
    }

    Optional<Outcome> last(int dcid, int endpoint) throws DvsException {
        String key = LAST + place(dcid, endpoint);
        Optional<Entry> entry = state.get(key);
        return entry.isEmpty() ? Optional.empty() : Optional.of(MigrationCodec.outcome(key, entry.get().value()));
    }

    /** Of what is known of the one that ended last; 0 if there was none. */
    long lastVersion(int dcid, int endpoint) {
        return state.get(LAST + place(dcid, endpoint)).map(Entry::version).orElse(0L);
    }

    /** @param lastVersion as it was read before anything else: the change holds only if none has begun and ended meanwhile */
    Change begin(Migration migration, long lastVersion) {
        return new Change().expectAbsent(OF + place(migration)).expect(LAST + place(migration), lastVersion)
                .put(OF + place(migration), MigrationCodec.encode(migration));
    }

    Change replace(Versioned old, Migration next) {
        String key = OF + place(next);
        return new Change().expect(key, old.version()).put(key, MigrationCodec.encode(next));
    }

    /** Of a node's vote; 0 if it has none. */
    long voteVersion(Migration migration, int node) {
        return state.get(VOTES + place(migration) + "/" + node).map(Entry::version).orElse(0L);
    }

    /** Makes a change hold only if this node has not voted meanwhile. */
    void expectVote(Change change, Migration migration, int node, long version) {
        change.expect(VOTES + place(migration) + "/" + node, version);
    }

    /** Holds only while the migration stands as it was read. */
    Change vote(Versioned on, int node, Vote vote) {
        return new Change().expect(OF + place(on.migration()), on.version())
                .put(VOTES + place(on.migration()) + "/" + node, MigrationCodec.encode(vote));
    }

    Change end(Versioned old, boolean moved) {
        Migration ended = old.migration();
        Outcome outcome = new Outcome(ended.id(), ended.request(), moved, ended.rcode(), ended.why());
        Change change = new Change().expect(OF + place(ended), old.version()).remove(OF + place(ended))
                .put(LAST + place(ended), MigrationCodec.encode(outcome));
        state.list(VOTES + place(ended) + "/").keySet().forEach(change::remove);
        return change;
    }

    /** Takes away what is left of migrations in DCs that are no more. */
    Optional<Change> forget(Set<Integer> dcs) {
        Change change = new Change();
        for (var each : state.list(LAST).entrySet()) {
            String dcid = each.getKey().substring(LAST.length()).split("/")[0];
            if (!dcs.contains(Integer.valueOf(dcid)) && change.writes().size() < 1_000) {
                change.expect(each.getKey(), each.getValue().version()).remove(each.getKey());
            }
        }
        return change.writes().isEmpty() ? Optional.empty() : Optional.of(change);
    }
}
