package org.dvs.config.internal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

import org.dvs.config.api.ConfigStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The component, in a real framework with a real Configuration Admin ... */
class ConfigComponentTest {
    private static final String FILE = "org.dvs.sample.cfg";

    @TempDir
    private Path folder;
    private Path etc;
    private Framework framework;
    private BundleContext context;
    private ConfigurationAdmin admin;
    private ConfigComponent component;

    @BeforeEach
    void startFramework() throws Exception {
        etc = Files.createDirectories(folder.resolve("etc"));
        Map<String, String> properties = new HashMap<>();
        properties.put(Constants.FRAMEWORK_STORAGE, folder.resolve("storage").toString());
        // The test's own classes are the contract: Configuration Admin is wired to them.
        properties.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                "org.osgi.service.cm;version=1.6.1,org.osgi.util.tracker;version=1.5.3");
        properties.put("karaf.etc", etc.toString());
        properties.put("org.dvs.config.pollMs", "50");
        framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow().newFramework(properties);
        framework.start();
        context = framework.getBundleContext();
        context.installBundle(Path.of(Class.forName("org.apache.felix.cm.PersistenceManager").getProtectionDomain()
                .getCodeSource().getLocation().toURI()).toUri().toString()).start();
        admin = context.getService(context.getServiceReference(ConfigurationAdmin.class));
    }

    @AfterEach
    void stopFramework() throws Exception {
        if (component != null) {
            component.stop();
        }
        framework.stop();
        framework.waitForStop(30_000);
    }

    /** Whole in one moment: one that is begun and not gone on with soon counts as it is. */
    private void write(Path file, String text) throws IOException {
        Files.move(Files.writeString(folder.resolve("new"), text), file, StandardCopyOption.ATOMIC_MOVE);
    }

    private void startComponent() {
        component = new ConfigComponent(context, admin);
    }

    private static InputStream bundle(String name, String version, String metatype) throws IOException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.putValue("Manifest-Version", "1.0");
        headers.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        headers.putValue(Constants.BUNDLE_SYMBOLICNAME, name);
        headers.putValue(Constants.BUNDLE_VERSION, version);
        // It can never be resolved: what it takes must be known nevertheless.
        headers.putValue(Constants.IMPORT_PACKAGE, "no.such.thing");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            jar.putNextEntry(new ZipEntry("OSGI-INF/metatype/x.xml"));
            jar.write(metatype.getBytes(StandardCharsets.UTF_8));
            jar.closeEntry();
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    private Bundle install(String name, String metatype) throws IOException, BundleException {
        return context.installBundle("test:" + name, bundle(name, "1.0.0", metatype));
    }

    private Dictionary<String, Object> published(String pid) {
        try {
            Configuration[] found = admin.listConfigurations("(service.pid=" + pid + ")");
            return found == null ? null : found[0].getProperties();
        } catch (IllegalStateException e) {
            // It was withdrawn between the two calls.
            return null;
        } catch (IOException | InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitPort(int port) {
        await().atMost(30, TimeUnit.SECONDS).untilAsserted(() -> {
            assertNotNull(published("org.dvs.sample"));
            assertEquals(port, published("org.dvs.sample").get("bindPort"));
        });
    }

    @Test
    void hasPublishedWhenItIsActive() throws Exception {
        install("org.dvs.sample", TestSchemas.XML);
        write(etc.resolve(FILE), "bindPort = 8000\nports = 3,4\n");
        startComponent();
        Dictionary<String, Object> properties = published("org.dvs.sample");
        assertEquals(8000, properties.get("bindPort"));
        assertEquals("org.dvs.sample", properties.get(Constants.SERVICE_PID));
        ConfigStatus status = context.getService(context.getServiceReference(ConfigStatus.class));
        assertEquals(1, status.accepted());
        assertTrue(status.hash().matches("[0-9a-f]{64}"));
    }

    @Test
    void followsTheFile() throws Exception {
        install("org.dvs.sample", TestSchemas.XML);
        write(etc.resolve(FILE), "bindPort = 8000\n");
        startComponent();
        write(etc.resolve(FILE), "bindPort = 8001\n");
        awaitPort(8001);
        write(etc.resolve(FILE), "bindPort = 1\n");
        await().atMost(30, TimeUnit.SECONDS).until(() -> component.engine().rejected() == 1);
        awaitPort(8001);
        Files.delete(etc.resolve(FILE));
        await().atMost(30, TimeUnit.SECONDS).until(() -> published("org.dvs.sample") == null);
    }

    @Test
    void doesNotTouchWhatIsEqualInTheNextRun() throws Exception {
        install("org.dvs.sample", TestSchemas.XML);
        write(etc.resolve(FILE), "bindPort = 8000\nports = 3,4\n");
        startComponent();
        long count = admin.listConfigurations(null)[0].getChangeCount();
        component.stop();
        startComponent();
        assertEquals(count, admin.listConfigurations(null)[0].getChangeCount());
    }

    @Test
    void publishesWhenTheBundleComesLaterAndChecksAgainWhenItIsUpdated() throws Exception {
        write(etc.resolve(FILE), "bindPort = 8000\n");
        startComponent();
        assertNull(published("org.dvs.sample"));
        install("org.example.sample", TestSchemas.XML);
        Bundle bundle = install("org.dvs.sample", TestSchemas.XML);
        awaitPort(8000);
        bundle.update(bundle("org.dvs.sample", "1.1.0", TestSchemas.XML.replace("bindPort", "listenPort")));
        await().atMost(30, TimeUnit.SECONDS).until(() -> component.engine().rejected() == 1);
        assertEquals("org.dvs.sample.cfg:1:1: DVS-CFG-1101: 'bindPort' is not a key of org.dvs.sample",
                component.engine().problems().get(0).toString());
        bundle.uninstall();
        await().atMost(30, TimeUnit.SECONDS).until(() -> component.engine().schemas().all().isEmpty());
        awaitPort(8000);
    }

    @Test
    void publishesConfigurationsOfAFactoryUnderTheirNames() throws Exception {
        install("org.dvs.sample", TestSchemas.XML.replace("pid=\"org.dvs.sample\"", "factoryPid=\"org.dvs.sample\""));
        write(etc.resolve("org.dvs.sample-one (1).cfg"), "bindPort = 8000\n");
        write(etc.resolve("org.dvs.sample~two.cfg"), "bindPort = 8001\n");
        startComponent();
        Configuration[] found = admin.listConfigurations("(service.factoryPid=org.dvs.sample)");
        assertEquals(2, found.length);
        Files.delete(etc.resolve("org.dvs.sample-one (1).cfg"));
        await().atMost(30, TimeUnit.SECONDS).until(() ->
                admin.listConfigurations("(service.factoryPid=org.dvs.sample)").length == 1);
        assertEquals(8001, admin.listConfigurations("(service.factoryPid=org.dvs.sample)")[0].getProperties().get("bindPort"));
    }

    @Test
    void leavesNoThreadAndNoServiceBehind() throws Exception {
        startComponent();
        assertTrue(running());
        component.stop();
        component = null;
        // The executor counts as ended a moment before its thread does.
        await().atMost(30, TimeUnit.SECONDS).until(() -> !running());
        assertNull(context.getServiceReference(ConfigStatus.class));
    }

    private static boolean running() {
        return Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> thread.getName().equals("dvs-config-watch-1"));
    }
}
