package org.dvs.registry.internal.dc;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import org.dvs.api.DvsException;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.AgreedState.Entry;
import org.dvs.cluster.api.Change;

/** The keys of DCs in the agreed state: reads them, and writes them into changes. Stateless; thread-safe. */
public final class DcRecords {
    static final String IDS = "dc/id/";
    private static final String NAMES = "dc/name/";
    private static final String ENDED = "dc/ended/";

    private final AgreedState state;

    /** A DC and the version of its entry. */
    record Versioned(DcRecord dc, long version) {
    }

    public DcRecords(AgreedState state) {
        this.state = state;
    }

    /** All DCs, by id. @throws DvsException {@code GENERIC} if one cannot be read */
    public SortedMap<Integer, DcRecord> all() throws DvsException {
        SortedMap<Integer, DcRecord> all = new TreeMap<>();
        for (var each : state.list(IDS).entrySet()) {
            int dcid = Integer.parseInt(each.getKey().substring(IDS.length()));
            all.put(dcid, DcCodec.decode(each.getKey(), dcid, each.getValue().value()));
        }
        return all;
    }

    /** @throws DvsException as {@link #all} */
    public Optional<DcRecord> get(int dcid) throws DvsException {
        return versioned(dcid).map(Versioned::dc);
    }

    Optional<Versioned> versioned(int dcid) throws DvsException {
        Optional<Entry> entry = state.get(IDS + dcid);
        return entry.isEmpty() ? Optional.empty()
                : Optional.of(new Versioned(DcCodec.decode(IDS + dcid, dcid, entry.get().value()), entry.get().version()));
    }

    /** Who has a name. */
    Optional<Integer> owner(String name) throws DvsException {
        Optional<Entry> entry = state.get(NAMES + name);
        return entry.isEmpty() ? Optional.empty() : Optional.of(DcCodec.id(NAMES + name, entry.get().value()));
    }

    /** The request that ended the DC which had this id last, if the id is free. */
    Optional<String> endedBy(int dcid) throws DvsException {
        Optional<Entry> entry = state.get(ENDED + dcid);
        return entry.isEmpty() ? Optional.empty() : Optional.of(DcCodec.request(ENDED + dcid, entry.get().value()));
    }

    Change create(DcRecord dc) {
        int dcid = dc.settings().dcid();
        String name = dc.settings().name();
        return new Change().expectAbsent(IDS + dcid).expectAbsent(NAMES + name).put(IDS + dcid, DcCodec.encode(dc))
                .put(NAMES + name, DcCodec.encodeId(dcid)).remove(ENDED + dcid);
    }

    Change replace(Versioned old, DcRecord dc) {
        String key = IDS + dc.settings().dcid();
        return new Change().expect(key, old.version()).put(key, DcCodec.encode(dc));
    }

    Change end(Versioned old, String request) {
        Change change = new Change();
        endInto(change, old, request);
        return change;
    }

    private static void endInto(Change change, Versioned old, String request) {
        int dcid = old.dc().settings().dcid();
        change.expect(IDS + dcid, old.version()).remove(IDS + dcid).remove(NAMES + old.dc().settings().name())
                .put(ENDED + dcid, DcCodec.encodeRequest(request));
    }

    /**
     * Takes a node out of all DCs; one of which it is the last member ends.
     *
     * @param max DCs that go into one change
     * @return whether none is left
     */
    public boolean leave(int nodeId, Change change, int max) throws DvsException {
        int changed = 0;
        for (int dcid : all().keySet()) {
            Optional<Versioned> old = versioned(dcid).filter(each -> each.dc().nodes().contains(nodeId));
            if (old.isEmpty()) {
                continue;
            }
            if (changed++ == max) {
                return false;
            }
            DcRecord fewer = old.get().dc().without(nodeId, "");
            if (fewer.nodes().isEmpty()) {
                endInto(change, old.get(), "");
            } else {
                change.expect(IDS + dcid, old.get().version()).put(IDS + dcid, DcCodec.encode(fewer));
            }
        }
        return true;
    }
}
