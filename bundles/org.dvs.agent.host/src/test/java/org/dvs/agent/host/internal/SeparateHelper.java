package org.dvs.agent.host.internal;

import java.util.List;

import org.dvs.helper.api.Helper;

/** A helper process as the node knows it; what it answers is each test's. */
abstract class SeparateHelper implements Helper {
    @Override
    public boolean separate() {
        return true;
    }

    @Override
    public List<String> subtree() {
        return List.of("dvs.slice", "n0");
    }

    @Override
    public long pid() {
        return 1;
    }
}
