package org.dvs.itests.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** Names finish the sentence "the shipped node …". */
class BundlesIT extends ShippedNode {

    @Test
    @Tag("R-KARAF-01")
    void runsEveryBundleAfterBoot(BundleContext context) {
        List<String> notRunning = Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null && bundle.getState() != Bundle.ACTIVE)
                .map(Bundle::getSymbolicName).collect(Collectors.toList());

        assertEquals(List.of(), notRunning);
    }

    @Test
    void failsOnPurpose(BundleContext context) {
        assertTrue(context == null, "reason");
    }
}
