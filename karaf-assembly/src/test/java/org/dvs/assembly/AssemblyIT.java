package org.dvs.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks at the distribution that was just put together. Names finish the sentence "the distribution …". */
class AssemblyIT {
    private static final Path ASSEMBLY = Path.of("target", "assembly");

    @Test
    void holdsNothingBelowTheFloorsAndNothingForbidden() throws IOException {
        List<Floors.Artifact> artifacts = Contents.of(ASSEMBLY.resolve("system"));
        assertTrue(artifacts.size() > 50, "only " + artifacts.size() + " artifacts found");
        List<String> violations = Floors.parse(Files.readAllLines(Path.of("floors.txt"))).violations(artifacts);
        assertEquals(List.of(), violations);
    }

    @Test
    void looksForArtifactsNowhereOutside() throws IOException {
        Properties mvn = read("org.ops4j.pax.url.mvn.cfg");
        assertEquals("", mvn.getProperty("org.ops4j.pax.url.mvn.repositories"));
        assertEquals("false", mvn.getProperty("org.ops4j.pax.url.mvn.useFallbackRepositories"));
        assertTrue(mvn.getProperty("org.ops4j.pax.url.mvn.defaultRepositories").contains("@multi"), "without it no KAR is deployed");
        assertEquals(0, read("org.apache.karaf.features.repos.cfg").size());
    }

    @Test
    void hasNoAccount() throws IOException {
        assertEquals(0, read("users.properties").size());
        assertEquals(0, read("keys.properties").size());
    }

    @Test
    void opensNothingButLoopback() throws IOException {
        assertEquals("127.0.0.1", read("org.apache.karaf.shell.cfg").getProperty("sshHost"));
        assertEquals("-1", read("config.properties").getProperty("karaf.shutdown.port"));
        assertFalse(Files.exists(ASSEMBLY.resolve("etc/org.apache.karaf.management.cfg")), "remote JMX is there");
    }

    @Test
    void deniesShellCommandsThatNoFileNames() throws IOException {
        assertEquals("admin", read("system.properties").getProperty("karaf.secured.command.compulsory.roles"));
    }

    @Test
    void leavesTheConfigurationOfDvsToDvs() throws IOException {
        String filter = read("config.properties").getProperty("felix.fileinstall.filter");
        assertFalse("org.dvs.dispatcher.cfg".matches(filter), filter);
        assertFalse("org.dvs.dispatcher.cfg.json".matches(filter), filter);
        assertTrue("org.apache.karaf.shell.cfg".matches(filter), filter);
    }

    @Test
    void bootsEventadminBeforeTheFeaturesAndRefreshesNothing() throws IOException {
        assertTrue(read("startup.properties").keySet().stream().anyMatch(key -> key.toString().contains("services.eventadmin")));
        assertEquals("false", read("org.apache.karaf.features.cfg").getProperty("autoRefresh"));
    }

    @Test
    void carriesItsCommandLineAndLetsEveryScriptRun() throws IOException {
        try (Stream<Path> scripts = Files.list(ASSEMBLY.resolve("bin"))) {
            List<Path> all = scripts.toList();
            assertTrue(all.contains(ASSEMBLY.resolve("bin/dvs")), all::toString);
            assertEquals(List.of(), all.stream().filter(script -> !Files.isExecutable(script)).toList());
        }
    }

    @Test
    void checksSettingsByTheDescriptionsOfItsBundles(@TempDir Path folder) throws Exception {
        Path etc = Files.createDirectories(folder.resolve("node/etc"));
        Files.writeString(etc.resolve("org.dvs.cluster.cfg"), "bindPort = 7801\n"
                + "mergeMinMs = 5000\nmergeMaxMs = 2000\nseeds = nohost\nbootstrap = node[\n");
        Files.writeString(etc.resolve("org.dvs.kernel.gate.cfg"), "socketMode = 0800\n");
        Files.writeString(etc.resolve("org.dvs.proxy.cfg"), "bindAddress = nonsense.invalid\nreconnectMaxMs = 100\n");
        Files.writeString(etc.resolve("org.dvs.registry.cfg"), "groups = xx\njoinScript = ../../bin/x\n");
        Files.writeString(etc.resolve("org.dvs.security.cfg"), "clusterName = 9x y\nkeysFolder = /no/such/folder\n");
        Files.writeString(etc.resolve("org.dvs.transport.cfg"), "maxQueuedBytes = 1024\n");
        Files.writeString(etc.resolve("org.dvs.web.cfg"), "address = nonsense.invalid\n");
        List<String> refused = configCheck(1, etc, folder);
        assertEquals(List.of("org.dvs.cluster.cfg:3:14:mergeMaxMs", "org.dvs.cluster.cfg:4:9:seeds",
                "org.dvs.cluster.cfg:5:13:bootstrap",
                "org.dvs.kernel.gate.cfg:1:14:socketMode", "org.dvs.proxy.cfg:1:15:bindAddress",
                "org.dvs.proxy.cfg:2:18:reconnectMaxMs",
                "org.dvs.registry.cfg:1:10:groups", "org.dvs.registry.cfg:2:14:joinScript",
                "org.dvs.security.cfg:1:15:clusterName", "org.dvs.security.cfg:2:14:keysFolder",
                "org.dvs.transport.cfg:1:18:maxQueuedBytes", "org.dvs.transport.cfg:1:18:maxQueuedBytes",
                "org.dvs.web.cfg:1:11:address"),
                refused.stream().map(line -> line.substring(etc.toString().length() + 1)
                        .replaceFirst(" DVS-CFG-1102: (\\w+): .*", "$1")).toList(), refused::toString);
        assertEquals(List.of(), configCheck(0, ASSEMBLY.resolve("etc"), folder));
    }

    private static List<String> configCheck(int exit, Path etc, Path scratch) throws IOException, InterruptedException {
        Path out = scratch.resolve("out");
        Process check = new ProcessBuilder(ASSEMBLY.resolve("bin/dvs").toAbsolutePath().toString(), "config", "check",
                etc.toAbsolutePath().toString())
                .redirectErrorStream(true).redirectOutput(out.toFile()).start();
        assertTrue(check.waitFor(2, TimeUnit.MINUTES), "it has not ended");
        List<String> lines = Files.readAllLines(out);
        assertEquals(exit, check.exitValue(), lines::toString);
        return lines;
    }

    @Test
    void startsJavaWithWholeWordsForANodeInAFolderWithABlank(@TempDir Path folder) throws Exception {
        Path base = Files.createDirectories(folder.resolve("a b"));
        Path java = Files.createDirectories(base.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\n[ \"$1\" = -version ] && { echo 'openjdk version \"17.0.1\"' >&2; exit; }\n"
                + "pwd\nprintf '%s\\n' \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        Path out = folder.resolve("out");
        ProcessBuilder builder = new ProcessBuilder(ASSEMBLY.resolve("bin/karaf").toAbsolutePath().toString(), "server")
                .redirectErrorStream(true).redirectOutput(out.toFile());
        // Nobody is to become another user here.
        builder.environment().putAll(Map.of("DVS_PRIVILEGES", "root", "CHECK_ROOT_INSTANCE_RUNNING", "false",
                "JAVA_HOME", base.resolve("jdk").toString(), "KARAF_BASE", base.toString()));
        builder.environment().keySet().removeIf(name -> name.matches("KARAF_(DATA|ETC|LOG|OPTS)|JAVA|(EXTRA_)?JAVA_OPTS"));
        Process karaf = builder.start();
        assertTrue(karaf.waitFor(2, TimeUnit.MINUTES), "it has not ended");
        List<String> words = Files.readAllLines(out);
        assertEquals(base.toRealPath().toString(), words.get(0), "where a path not from the root begins");
        assertTrue(words.contains("-Dkaraf.base=" + base), words::toString);
        assertTrue(words.contains("-Dkaraf.instances=data/instances"), words::toString);
        // What follows its options is the class that it is to run, and nothing else.
        int options = words.indexOf("-classpath");
        assertEquals("org.apache.karaf.main.Main", words.get(options + 2), words::toString);
        assertEquals(List.of(), words.subList(1, options).stream().filter(word -> !word.startsWith("-"))
                .filter(word -> !word.contains("=")).toList());
    }

    private static Properties read(String file) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(ASSEMBLY.resolve("etc").resolve(file))) {
            properties.load(in);
        }
        return properties;
    }
}
