package org.dvs.dispatcher.internal;

import java.util.ArrayList;
import java.util.List;

import org.dvs.api.dispatch.CatalogueListener;
import org.dvs.api.request.RequestSpec;

/** Hears what comes and goes: {@code +} or {@code -} and the request's help. */
final class Offers implements CatalogueListener {
    final List<String> heard = new ArrayList<>();

    @Override
    public void offered(RequestSpec spec) {
        heard.add("+" + spec.help());
    }

    @Override
    public void withdrawn(RequestSpec spec) {
        heard.add("-" + spec.help());
    }
}
