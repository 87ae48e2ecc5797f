package org.dvs.agent.cgroup.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.api.GroupPath;
import org.dvs.helper.api.Helper;
import org.dvs.helper.api.HelperRequest.GroupRemove;
import org.dvs.procfs.ControlGroups;
import org.dvs.procfs.ControlGroups.Hierarchy;
import org.dvs.procfs.ProcessTable;
import org.dvs.procfs.UserNames;

/**
 * Takes away the groups that were made for one process which has ended, with their limits. One in which a child of it still runs
 * stays until that has ended too. Used by one thread.
 */
final class EndedProcesses {
    private final ControlGroups groups;
    private final ProcessTable processes;
    private final Helper helper;

    EndedProcesses(Path root, Helper helper) {
        this.groups = ControlGroups.read(root);
        this.processes = new ProcessTable(root, new UserNames(root));
        this.helper = helper;
    }

    /** @throws DvsException if the helper refused; the next look may succeed */
    void look() throws DvsException, InterruptedException {
        Set<String> made = new TreeSet<>();
        for (Hierarchy hierarchy : groups.all()) {
            Path top = hierarchy.folder().resolve(String.join("/", helper.subtree()));
            if (Files.isDirectory(top, LinkOption.NOFOLLOW_LINKS)) {
                try (var all = Files.list(top)) {
                    all.map(each -> each.getFileName().toString()).filter(each -> each.startsWith("pid")).forEach(made::add);
                } catch (IOException | UncheckedIOException e) {
                    throw new DvsException(ErrorCode.IO, "the groups below " + top, e);
                }
            }
        }
        for (String name : made) {
            GroupPath path = new GroupPath(List.of(name));
            Optional<long[]> process = path.process();
            if (process.isPresent() && processes.startTicks((int) process.get()[0]) != process.get()[1]) {
                remove(path);
            }
        }
    }

    private void remove(GroupPath path) throws DvsException, InterruptedException {
        try {
            helper.ask(new GroupRemove(path));
        } catch (DvsException e) {
            if (e.code() != ErrorCode.BUSY && e.code() != ErrorCode.NOENT) {
                throw e;
            }
        }
    }
}
