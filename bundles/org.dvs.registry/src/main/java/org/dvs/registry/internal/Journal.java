package org.dvs.registry.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.request.RowSink;

/** The newest events, in memory. Thread-safe. */
final class Journal {
    private final Deque<JournalEntry> entries = new ArrayDeque<>();
    private int size;
    private long count;
    private long failures;

    /** @param size entries kept */
    Journal(int size) {
        this.size = size;
    }

    synchronized void resize(int entriesKept) {
        size = entriesKept;
        trim();
    }

    private void trim() {
        while (entries.size() > size) {
            entries.removeFirst();
        }
    }

    synchronized void add(JournalEntry entry) {
        entries.addLast(entry);
        trim();
        count++;
        if (entry.result().failure()) {
            failures++;
        }
    }

    /** Newest first. */
    synchronized List<JournalEntry> newest() {
        List<JournalEntry> all = new ArrayList<>(entries);
        Collections.reverse(all);
        return all;
    }

    /** The newest entries as rows of {@code cluster events}. */
    void into(RowSink rows, int max) throws DvsException {
        for (JournalEntry entry : newest().stream().limit(max).toList()) {
            boolean configured = !entry.script().isEmpty();
            rows.row(entry.timeMs(), entry.kind().name(), entry.changed(), entry.viewId(), entry.primary(), entry.current(),
                    configured ? entry.script() : null, configured ? entry.result().shown() : null,
                    configured ? entry.result().elapsedMs() : null);
        }
    }

    /** Events since the start, those no longer kept included. */
    synchronized long count() {
        return count;
    }

    /** Events whose script failed, ran out of time or was skipped. */
    synchronized long failures() {
        return failures;
    }
}
