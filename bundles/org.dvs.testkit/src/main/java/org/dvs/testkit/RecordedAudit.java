package org.dvs.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.security.Audit;
import org.dvs.api.security.AuditEntry;

/** An audit in memory, which can be told to be full. Thread-safe. */
public class RecordedAudit implements Audit {
    private final List<AuditEntry> entries = new CopyOnWriteArrayList<>();
    private volatile boolean full;

    /** From now on nothing can be written before it is done, or it can again. */
    public void full(boolean now) {
        full = now;
    }

    public List<AuditEntry> entries() {
        return List.copyOf(entries);
    }

    /** {@code STEP user request nodes rcode}, one for each entry. */
    public List<String> lines() {
        return entries.stream().map(entry -> entry.step() + " " + entry.caller().user() + " " + entry.request() + " "
                + entry.nodes()
                + " " + entry.rcode()).toList();
    }

    @Override
    public void before(AuditEntry entry) throws DvsException {
        if (full) {
            throw new DvsException(ErrorCode.NOAUDIT, "no space left");
        }
        entries.add(entry);
    }

    @Override
    public void after(AuditEntry entry) {
        entries.add(entry);
    }
}
