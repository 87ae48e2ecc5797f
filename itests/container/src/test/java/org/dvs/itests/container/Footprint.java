package org.dvs.itests.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/**
 * What DVS holds in this process: were something left over from a replaced bundle, there would be more of it.
 *
 * @param services how often each interface is offered
 * @param threads  how many there are of each kind of thread of ours
 * @param ports    on which this process listens
 */
record Footprint(Map<String, Integer> services, Map<String, Integer> threads, Set<Integer> ports) {
    /** Kinds of threads that come and go with the work there is, never more of each than {@link #LARGEST_POOL}. */
    private static final Pattern POOLS = Pattern.compile("dvs-(dispatcher-(query|change|send)|rest-command|web-http|host-mount"
            + "|cluster-(net|events|start|stop|connect|welcome|patience)|security-audit-check|cgroup-probe|kernel-handler"
            + "|registry-output|transport-(handshake|resolve))-n");
    private static final int LARGEST_POOL = 16;
    private static final String LISTENS = "0A";

    static Footprint of(List<Bundle> bundles) {
        Map<String, Integer> services = new TreeMap<>();
        for (Bundle bundle : bundles) {
            ServiceReference<?>[] offered = bundle.getRegisteredServices();
            for (ServiceReference<?> service : offered == null ? new ServiceReference<?>[0] : offered) {
                for (String type : (String[]) service.getProperty(Constants.OBJECTCLASS)) {
                    services.merge(bundle.getSymbolicName() + ": " + type, 1, Integer::sum);
                }
            }
        }
        Map<String, Integer> threads = new TreeMap<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("dvs-")) {
                threads.merge(thread.getName().replaceAll("\\d+.*", "n"), 1, Integer::sum);
            }
        }
        return new Footprint(services, threads, listening());
    }

    /** Waits until the bundles hold this, no more and no less; but pools of threads grow and shrink as they like. */
    void isAllThereIs(List<Bundle> bundles) throws Exception {
        Await.until("the same services, threads and ports as before: " + this, () -> {
            Footprint now = of(bundles);
            return now.services.equals(services) && now.ports.equals(ports) && single(now.threads).equals(single(threads))
                    && now.threads.values().stream().allMatch(count -> count <= LARGEST_POOL);
        }, () -> of(bundles).toString());
    }

    private static Map<String, Integer> single(Map<String, Integer> threads) {
        Map<String, Integer> single = new TreeMap<>(threads);
        single.keySet().removeIf(POOLS.asMatchPredicate());
        return single;
    }

    private static Set<Integer> listening() {
        Set<String> mine = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path file : files) {
                try {
                    mine.add(Files.readSymbolicLink(file).toString().replaceAll("socket:\\[(\\d+)]", "$1"));
                } catch (IOException e) {
                    // Closed meanwhile.
                    continue;
                }
            }
            Set<Integer> ports = new TreeSet<>();
            for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
                if (!Files.exists(Path.of(table))) {
                    continue;
                }
                for (String line : Files.readAllLines(Path.of(table))) {
                    // number, local address:port, remote address:port, state, ..., inode as the tenth
                    String[] fields = line.strip().split("\\s+");
                    if (fields[3].equals(LISTENS) && mine.contains(fields[9])) {
                        ports.add(Integer.parseInt(fields[1].substring(fields[1].indexOf(':') + 1), 16));
                    }
                }
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
