package org.dvs.config.internal.block;

import java.util.List;

import org.dvs.config.api.BlockSchema;

/** The kinds of seed 001's sample, as its capability will declare them; here for tests only. */
public final class SampleSchema implements BlockSchema {
    private static final Key ID = Key.number("nodeid", 0, 1023);
    private static final Key YES = Key.word("batch", "YES", "NO");

    @Override
    public String name() {
        return "load balancer";
    }

    @Override
    public List<Kind> kinds() {
        return List.of(new Kind("lb", 1, 1, List.of(ID.mandatory(), Key.number("lowwater", 0, 100),
                Key.number("highwater", 0, 100))),
                new Kind("server", 1, 1024, List.of(ID.mandatory(), YES, Key.text("node_image"))),
                new Kind("client", 0, 1024, List.of(ID.mandatory(), Key.number("rport", 3000, 4023), YES)));
    }

    @Override
    public List<CrossCheck> checks() {
        return List.of(CrossCheck.unique("nodeid", "lb", "server", "client"), CrossCheck.unique("rport", "server", "client"));
    }
}
