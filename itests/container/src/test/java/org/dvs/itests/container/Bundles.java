package org.dvs.itests.container;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/** The bundles of DVS in the framework, and who uses whose classes. */
final class Bundles {
    private final BundleContext context;

    Bundles(BundleContext context) {
        this.context = context;
    }

    BundleContext context() {
        return context;
    }

    List<Bundle> ours() {
        return Shipped.bundles().stream().map(this::named).toList();
    }

    Bundle named(String name) {
        return Arrays.stream(context.getBundles()).filter(bundle -> name.equals(bundle.getSymbolicName())).findFirst()
                .orElseThrow(() -> new AssertionError("there is no bundle " + name));
    }

    /** Names of those of ours of which more than one version is installed. */
    List<String> thereTwice() {
        List<String> installed = Arrays.stream(context.getBundles()).map(Bundle::getSymbolicName).toList();
        return Shipped.bundles().stream().filter(name -> Collections.frequency(installed, name) > 1).toList();
    }

    /** Names of those of ours that do not run. */
    Set<String> down() {
        return ours().stream().filter(bundle -> bundle.getState() != Bundle.ACTIVE).map(Bundle::getSymbolicName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Names of those that use classes of a bundle, directly or through others: what a refresh of it restarts. */
    Set<String> users(Bundle of) {
        Set<String> users = new TreeSet<>();
        Deque<Bundle> open = new ArrayDeque<>(List.of(of));
        while (!open.isEmpty()) {
            Bundle provider = open.pop();
            for (BundleWire wire : provider.adapt(BundleWiring.class).getProvidedWires(BundleRevision.PACKAGE_NAMESPACE)) {
                Bundle user = wire.getRequirer().getBundle();
                if (user != of && users.add(user.getSymbolicName())) {
                    open.push(user);
                }
            }
        }
        return users;
    }

    /** {@code user uses an old provider}, for each that does; such a pair does not see each other's services. */
    List<String> usersOfOldClasses() {
        return Arrays.stream(context.getBundles()).map(bundle -> bundle.adapt(BundleWiring.class)).filter(Objects::nonNull)
                .flatMap(wiring -> wiring.getRequiredWires(BundleRevision.PACKAGE_NAMESPACE).stream())
                .filter(wire -> wire.getProvider() != wire.getProvider().getBundle().adapt(BundleRevision.class))
                .map(wire -> wire.getRequirer().getSymbolicName() + " uses an old " + wire.getProvider().getSymbolicName())
                .distinct().toList();
    }

    /** Names of bundles of which the framework keeps an old revision until they are refreshed. */
    Set<String> waitingForRefresh() {
        return context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class).getRemovalPendingBundles()
                .stream().map(Bundle::getSymbolicName).collect(Collectors.toCollection(TreeSet::new));
    }
}
