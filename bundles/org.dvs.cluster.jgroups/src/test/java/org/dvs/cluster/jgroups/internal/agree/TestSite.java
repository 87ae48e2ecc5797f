package org.dvs.cluster.jgroups.internal.agree;

import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.dvs.cluster.jgroups.internal.log.DurableLog;
import org.jgroups.Address;

/** A site on a test's own log and clock, which gives what is sent to the test. */
final class TestSite extends LogSite {
    private final Address self;
    private final Supplier<DurableLog> log;
    private final LongSupplier nanos;
    private final BiConsumer<Address, Frame> outbox;

    TestSite(Address self, Supplier<DurableLog> log, LongSupplier nanos, BiConsumer<Address, Frame> outbox) {
        this.self = self;
        this.log = log;
        this.nanos = nanos;
        this.outbox = outbox;
    }

    /** One that must send nothing. */
    TestSite(Address self, Supplier<DurableLog> log, LongSupplier nanos) {
        this(self, log, nanos, (to, frame) -> {
            throw new AssertionError("it sends nothing");
        });
    }

    @Override
    DurableLog log() {
        return log.get();
    }

    @Override
    public Address self() {
        return self;
    }

    @Override
    public long nanos() {
        return nanos.getAsLong();
    }

    @Override
    public void send(Address to, Frame frame) {
        outbox.accept(to, frame);
    }
}
