package org.dvs.itests.container;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;

/** Names finish the sentence "each bundle of ours …". */
class ReplaceIT extends ShippedNode {
    private static final String OURS = "org.dvs.(?!itests|sample).*";

    private static List<Bundle> ours(BundleContext context) {
        return Arrays.stream(context.getBundles()).filter(bundle -> bundle.getSymbolicName().matches(OURS)).collect(Collectors.toList());
    }

    private static Bundle bundle(BundleContext context, String name) {
        return ours(context).stream().filter(bundle -> bundle.getSymbolicName().equals(name)).findFirst()
                .orElseThrow(() -> new AssertionError("there is no bundle " + name));
    }

    private static void othersRun(BundleContext context, Bundle replaced) {
        List<String> down = ours(context).stream().filter(bundle -> bundle != replaced && bundle.getState() != Bundle.ACTIVE)
                .map(Bundle::getSymbolicName).collect(Collectors.toList());
        assertEquals(List.of(), down, "down while " + replaced.getSymbolicName() + " was replaced");
    }

    /** Then its users go on with its old classes until they are refreshed, and this test is one of them. */
    private static boolean givesPackagesToOthers(Bundle bundle) {
        return bundle.adapt(BundleWiring.class).getProvidedWires(BundleRevision.PACKAGE_NAMESPACE).stream()
                .anyMatch(wire -> wire.getRequirer().getBundle() != bundle);
    }

    private static void works(Node node) throws Exception {
        node.runUntil(0, "host", "df", "--all");
        node.runUntil(0, "node", "list");
        // A change: agreed before it is run.
        node.runUntil(0, "host", "command", "true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"org.dvs.api", "org.dvs.cluster.api", "org.dvs.config", "org.dvs.security", "org.dvs.cluster.jgroups",
        "org.dvs.registry", "org.dvs.dispatcher", "org.dvs.cli", "org.dvs.agent.dvs", "org.dvs.agent.host", "org.dvs.web", "org.dvs.rest"})
    void canBeReplacedWhileTheOthersRunAndTheNodeWorksAgain(String name) throws Exception {
        BundleContext context = org.osgi.framework.FrameworkUtil.getBundle(ReplaceIT.class).getBundleContext();
        Node node = new Node(context);
        works(node);
        Bundle replaced = bundle(context, name);

        replaced.stop();
        othersRun(context, replaced);
        replaced.start();
        works(node);

        if (!givesPackagesToOthers(replaced)) {
            replaced.update();
            othersRun(context, replaced);
            assertEquals(Bundle.ACTIVE, replaced.getState());
            works(node);
        }
    }
}
