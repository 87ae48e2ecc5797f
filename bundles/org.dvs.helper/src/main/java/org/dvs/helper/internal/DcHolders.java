package org.dvs.helper.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.procfs.NamespaceKind;
import org.dvs.procfs.ProcessTable;
import org.dvs.procfs.UserNames;

/**
 * Which process holds which namespace of which DC. Kept in one file for each DC, as holders outlive a helper that is killed:
 *
 * <pre>
 * dc7:   NET 4711 1234567        kind, process id, tick of its start; a line each
 * </pre>
 * Holders that are no more are left out. Thread-safe.
 */
final class DcHolders {
    /** @param start tick of the process's start */
    record Holder(NamespaceKind kind, int pid, long start) {
    }

    private final Path root;
    private final Path folder;

    /** @param folder where the files are; nobody but this process's user may write there */
    DcHolders(Path root, Path folder) {
        this.root = root;
        this.folder = folder;
    }

    synchronized List<Holder> of(int dcid) throws DvsException {
        Path file = folder.resolve("dc" + dcid);
        List<Holder> holders = new ArrayList<>();
        if (!Files.exists(file)) {
            return holders;
        }
        ProcessTable processes = new ProcessTable(root, new UserNames(root));
        try {
            for (String line : Files.readAllLines(file)) {
                String[] fields = line.split(" ");
                Holder holder = new Holder(NamespaceKind.valueOf(fields[0]), Integer.parseInt(fields[1]),
                        Long.parseLong(fields[2]));
                if (processes.startTicks(holder.pid()) == holder.start()) {
                    holders.add(holder);
                }
            }
        } catch (IOException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new DvsException(ErrorCode.BADFILE, file.toString(), e);
        }
        return holders;
    }

    synchronized void add(int dcid, Holder holder) throws DvsException {
        List<Holder> holders = of(dcid);
        holders.add(holder);
        Path file = folder.resolve("dc" + dcid);
        try {
            LineFile.replace(file, holders.stream().map(each -> each.kind() + " " + each.pid() + " " + each.start()).toList());
        } catch (IOException e) {
            throw new DvsException(ErrorCode.BADFILE, file.toString(), e);
        }
    }

    synchronized void forget(int dcid) throws DvsException {
        try {
            Files.deleteIfExists(folder.resolve("dc" + dcid));
        } catch (IOException e) {
            throw new DvsException(ErrorCode.BADFILE, "dc" + dcid, e);
        }
    }

    /** DCs that have a file. */
    Set<Integer> dcs() {
        Set<Integer> ids = new TreeSet<>();
        String[] names = folder.toFile().list();
        for (String name : names == null ? new String[0] : names) {
            if (name.matches("dc\\d{1,5}")) {
                ids.add(Integer.parseInt(name.substring(2)));
            }
        }
        return ids;
    }
}
