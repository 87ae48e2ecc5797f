package org.dvs.monitor.internal.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;

import org.dvs.testkit.Asked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.framework.startlevel.BundleStartLevel;

/** Names finish the sentence "a node tells …". */
class NodeRequestsTest {
    @TempDir
    Path folder;
    private final Bundle active = bundle(1, "org.dvs.api", Bundle.ACTIVE, true, Map.of());
    private final Bundle stuck = bundle(2, "org.dvs.sick", Bundle.RESOLVED, true, Map.of());
    private final Bundle stopped = bundle(3, "org.dvs.off", Bundle.RESOLVED, false, Map.of());
    private final Bundle fragment = bundle(4, "native", Bundle.RESOLVED, true, Map.of("Fragment-Host", "netty"));
    private final Bundle lazy = bundle(5, "lazy", Bundle.STARTING, true, Map.of("Bundle-ActivationPolicy", "lazy"));
    private final BundleContext context = fake(BundleContext.class, Map.of("getBundles", new Bundle[] {active, stuck, stopped,
            fragment, lazy},
            "getBundle", active));

    private static <T> T fake(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
                (proxy, method, arguments) -> answers.get(method.getName())));
    }

    private static Bundle bundle(long id, String name, int state, boolean meant, Map<String, String> headers) {
        Dictionary<String, String> given = new Hashtable<>(headers);
        BundleStartLevel level = fake(BundleStartLevel.class, Map.of("getStartLevel", 60, "isPersistentlyStarted", meant,
                "isActivationPolicyUsed", headers.containsKey("Bundle-ActivationPolicy")));
        return fake(Bundle.class, Map.of("getBundleId", id, "getSymbolicName", name, "getState", state, "getHeaders", given,
                "adapt", level, "getVersion", new Version(0, 1, 0), "getLastModified", 5L, "getLocation", "mvn:" + name));
    }

    @Test
    void itsLoadAndHowManyBundlesDoNotRun() throws Exception {
        Path meminfo = Files.writeString(folder.resolve("meminfo"),
                "MemTotal:       1000 kB\nMemFree: 1 kB\nMemAvailable:    500 kB\n");

        Map<String, Object> row = Asked.of(new NodeLoadHandler(context, meminfo)).row();

        assertEquals(1_024_000L, row.get("memory"));
        assertEquals(512_000L, row.get("available"));
        assertEquals("0.1.0", row.get("version"));
        assertEquals(5L, row.get("bundles"));
        assertEquals(1L, row.get("faulty"));
        assertNull(Asked.of(new NodeLoadHandler(context, folder.resolve("missing"))).row().get("memory"));
    }

    @Test
    void whichBundlesItHas() throws Exception {
        Asked all = Asked.of(new BundleListHandler(context));
        assertEquals(List.of(true, false, true, true, true), all.column("well"));
        assertEquals(List.of("org.dvs.sick"), Asked.of(new BundleListHandler(context), "name", "sick").column("bundle"));
    }
}
