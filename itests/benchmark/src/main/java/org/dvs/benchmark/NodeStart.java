package org.dvs.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.dvs.testkit.Ports;

/**
 * Start of one node from its archive until it answers a request, beside a plain Karaf of the same version until its shell can be
 * reached over SSH; the same JVM flags, alternating.
 */
final class NodeStart {
    /** A node's. */
    static final String FLAGS = "-Xmx256m -XX:+UseSerialGC -Xshare:auto";
    private static final long DEADLINE_S = 180;
    private static final long PAUSE_MS = 20;
    private static final long SETTLE_S = 3;

    private final Path base;
    private final int sshPort;
    private final int httpsPort;

    private NodeStart(Path base) throws IOException {
        this.base = base;
        this.sshPort = Ports.free();
        this.httpsPort = Ports.free();
    }

    static void measure(int runs) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(Path.of(System.getProperty("dvs.target", "target")), "start").toAbsolutePath();
        NodeStart node = unpack(Path.of(System.getProperty("dvs.distribution")), folder.resolve("node"));
        NodeStart plain = unpack(Path.of(System.getProperty("dvs.plain")), folder.resolve("plain"));
        node.set("etc/org.dvs.web.cfg", "port", node.httpsPort);
        node.set("etc/org.dvs.cluster.cfg", "bindPort", Ports.free());
        node.set("etc/org.apache.karaf.shell.cfg", "sshPort", node.sshPort);
        plain.set("etc/org.apache.karaf.shell.cfg", "sshPort", plain.sshPort);
        plain.set("etc/org.apache.karaf.management.cfg", "rmiRegistryPort", Ports.free());
        plain.set("etc/org.apache.karaf.management.cfg", "rmiServerPort", Ports.free());

        Figures nodeReady = new Figures("node, start to first answer", "ms");
        Figures plainReady = new Figures("plain Karaf, start to its shell over SSH", "ms");
        Figures nodeMemory = new Figures("node, resident", "MB");
        Figures plainMemory = new Figures("plain Karaf, resident", "MB");
        System.out.printf("%nStart and memory, flags %s%n", FLAGS);
        node.run(true, new Figures("first", "ms"), new Figures("first", "MB"));
        plain.run(false, new Figures("first", "ms"), new Figures("first", "MB"));
        for (int run = 0; run < runs; run++) {
            node.run(true, nodeReady, nodeMemory);
            plain.run(false, plainReady, plainMemory);
        }
        nodeReady.print();
        plainReady.print();
        nodeReady.over(plainReady, "at most 1.5 x");
        nodeMemory.print();
        plainMemory.print();
        nodeMemory.over(plainMemory, "at most 1.5 x");
    }

    private static NodeStart unpack(Path archive, Path target) throws IOException, InterruptedException {
        Files.createDirectories(target);
        if (new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", target.toString(), "--strip-components=1").start().waitFor() != 0) {
            throw new IOException(archive + " could not be unpacked");
        }
        return new NodeStart(target);
    }

    private void set(String file, String key, int value) throws IOException {
        Path path = base.resolve(file);
        String text = Files.exists(path) ? Files.readString(path) : "";
        Files.writeString(path, text.replaceAll("(?m)^ *#? *" + key + " *=.*$", "") + "\n" + key + " = " + value + "\n");
    }

    private void run(boolean ours, Figures ready, Figures memory) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(base.resolve("bin/karaf").toString(), "server").directory(base.toFile())
                .redirectErrorStream(true).redirectOutput(base.resolve("console.log").toFile());
        builder.environment().put("KARAF_EXEC", "exec");
        if (ours) {
            builder.environment().put("DVS_JVM", FLAGS);
        } else {
            builder.environment().put("EXTRA_JAVA_OPTS", FLAGS);
        }
        long start = System.nanoTime();
        Process process = builder.start();
        try {
            long deadline = start + TimeUnit.SECONDS.toNanos(DEADLINE_S);
            CountDownLatch never = new CountDownLatch(1);
            while (!(ours ? answers() : shellListens())) {
                if (System.nanoTime() > deadline || !process.isAlive()) {
                    throw new IOException(base + " did not become ready; see " + base.resolve("console.log"));
                }
                never.await(PAUSE_MS, TimeUnit.MILLISECONDS);
            }
            ready.addNanos(System.nanoTime() - start);
            never.await(SETTLE_S, TimeUnit.SECONDS);
            memory.add(residentMegabytes(process.pid()));
        } finally {
            process.destroy();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    /** As {@code bin/dvs host df} asks, once its port is open. */
    private boolean answers() throws IOException, InterruptedException {
        if (!listens(httpsPort)) {
            return false;
        }
        return new ProcessBuilder(base.resolve("bin/dvs").toString(), "host", "df").redirectInput(new java.io.File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
    }

    private boolean shellListens() {
        try (Socket socket = connect(sshPort); InputStream in = socket.getInputStream()) {
            // The server's greeting: "SSH-2.0-...".
            return in.read() == 'S';
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = connect(port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(1_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
        return socket;
    }

    private static double residentMegabytes(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream().filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElse(0) / 1024.0;
    }
}
