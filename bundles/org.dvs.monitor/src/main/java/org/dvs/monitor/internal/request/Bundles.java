package org.dvs.monitor.internal.request;

import java.util.Locale;

import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;

/** How bundles stand. */
final class Bundles {
    private Bundles() {
    }

    static String state(Bundle bundle) {
        return switch (bundle.getState()) {
            case Bundle.ACTIVE -> "active";
            case Bundle.STARTING -> "starting";
            case Bundle.STOPPING -> "stopping";
            case Bundle.RESOLVED -> "resolved";
            case Bundle.INSTALLED -> "installed";
            default -> "uninstalled";
        };
    }

    /** A fragment has no life of its own. */
    static boolean fragment(Bundle bundle) {
        return bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
    }

    /** It is meant to run, and does not. */
    static boolean faulty(Bundle bundle) {
        BundleStartLevel level = bundle.adapt(BundleStartLevel.class);
        boolean meant = level != null && level.isPersistentlyStarted() && !fragment(bundle);
        // One that starts when its first class is needed is well while it waits.
        boolean lazy = level != null && level.isActivationPolicyUsed() && bundle.getState() == Bundle.STARTING
                && String.valueOf(bundle.getHeaders().get(Constants.BUNDLE_ACTIVATIONPOLICY)).toLowerCase(Locale.ROOT)
                        .startsWith(Constants.ACTIVATION_LAZY);
        return meant && bundle.getState() != Bundle.ACTIVE && !lazy;
    }
}
