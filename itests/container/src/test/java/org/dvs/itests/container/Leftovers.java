package org.dvs.itests.container;

import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/**
 * The classes of bundles that are about to be replaced. As long as a thread, a listener, a service or a static elsewhere refers
 * to anything of them they all stay in memory, once more with each update.
 */
final class Leftovers {
    private final Map<ClassLoader, String> watched = new WeakHashMap<>();

    /** Before a bundle is replaced. */
    void watch(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        watched.put(wiring.getClassLoader(), bundle.getSymbolicName() + " " + bundle.getVersion());
    }

    /** Waits until what was watched is no longer in memory, but for what still runs. */
    void gone(List<Bundle> running) throws Exception {
        Await.until("the classes of replaced bundles to leave the memory", () -> {
            System.gc();
            return left(running).isEmpty();
        }, () -> left(running).toString());
    }

    private List<String> left(List<Bundle> running) {
        List<ClassLoader> now = running.stream().map(bundle -> bundle.adapt(BundleWiring.class).getClassLoader()).toList();
        return watched.entrySet().stream().filter(entry -> !now.contains(entry.getKey())).map(Map.Entry::getValue).sorted()
                .toList();
    }
}
