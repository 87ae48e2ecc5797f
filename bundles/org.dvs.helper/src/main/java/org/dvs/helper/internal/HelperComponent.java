package org.dvs.helper.internal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

import org.dvs.api.DvsException;
import org.dvs.helper.api.Helper;
import org.dvs.helper.api.HelperReply;
import org.dvs.helper.api.HelperRequest;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The helper of this node: the process that the node's launcher started and named in {@value #SOCKET}, else this process itself.
 */
@Component
public final class HelperComponent implements Helper {
    /** System property: the helper's socket. */
    static final String SOCKET = "dvs.helper.socket";
    /** System property: name of the node's groups, as the launcher told the helper. */
    static final String GROUPS = "dvs.groups";
    private static final long RESTART_MS = 5_000;

    private final Helper process;
    private final Work own;
    private final List<String> subtree;

    @Activate
    public HelperComponent() {
        this(System.getProperty(SOCKET), System.getProperty(GROUPS, groups(System.getProperty("karaf.name", "root"),
                Path.of(System.getProperty("karaf.base", "")))), Path.of(System.getProperty("karaf.data", "data")));
    }

    /**
     * @param socket null or empty to act in this process
     * @param node   name of the node's groups
     * @param data   folder of what must be known after a restart
     */
    public HelperComponent(String socket, String node, Path data) {
        this.subtree = subtree(node);
        this.process = socket == null || socket.isEmpty() ? null : new SocketHelper(Path.of(socket), RESTART_MS, subtree);
        this.own = process != null ? null : new Work(Path.of("/"), subtree, data.resolve("helper"), NodeUser.SAME, Set.of());
    }

    /** What nodes of one name that belong to several clusters of one machine are told apart by. */
    static String groups(String name, Path base) {
        CRC32 sum = new CRC32();
        sum.update(base.toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8));
        return name + "-" + sum.getValue();
    }

    /** Several nodes of one machine have groups of their own. */
    static List<String> subtree(String node) {
        return List.of("dvs.slice", node.replaceAll("[^A-Za-z0-9_-]", "_"));
    }

    @Deactivate
    public void stop() {
        if (own != null) {
            own.close();
        }
    }

    @Override
    public HelperReply ask(HelperRequest request) throws DvsException, InterruptedException {
        return process != null ? process.ask(request) : own.work(request);
    }

    @Override
    public boolean separate() {
        return process != null;
    }

    @Override
    public List<String> subtree() {
        return subtree;
    }

    @Override
    public long pid() throws DvsException, InterruptedException {
        return process != null ? process.pid() : ProcessHandle.current().pid();
    }
}
