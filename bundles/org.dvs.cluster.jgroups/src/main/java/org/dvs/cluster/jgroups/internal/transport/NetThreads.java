package org.dvs.cluster.jgroups.internal.transport;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

import org.jgroups.util.DefaultThreadFactory;

/** Names JGroups' threads as all of ours are named: {@code dvs-cluster-<purpose>-<n>}. */
public final class NetThreads extends DefaultThreadFactory {
    private static final String PREFIX = "dvs-cluster-";

    private final AtomicInteger number = new AtomicInteger();

    public NetThreads() {
        super(PREFIX + "net", true);
    }

    @Override
    protected String getThreadName(String base, String address, String cluster) {
        String purpose = base == null ? "net" : base.replaceFirst("[ ,\\[].*$", "").replaceAll("[^A-Za-z]+", "-")
                .replaceFirst("^-", "").replaceFirst("-$", "").toLowerCase(Locale.ROOT);
        return (purpose.startsWith(PREFIX) ? purpose : PREFIX + purpose) + "-" + number.incrementAndGet();
    }

    /** Threads keep the name that they were made with. */
    @Override
    public void renameThread(String base, Thread thread, String address, String cluster) {
        if (!thread.getName().startsWith(PREFIX)) {
            thread.setName(getThreadName(base, address, cluster));
        }
    }
}
