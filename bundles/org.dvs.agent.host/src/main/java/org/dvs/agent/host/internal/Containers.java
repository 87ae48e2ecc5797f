package org.dvs.agent.host.internal;

import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.api.ContainerEngine;
import org.dvs.helper.api.ContainerEngine.Verb;
import org.dvs.helper.api.Helper;
import org.dvs.helper.api.HelperRequest;
import org.dvs.helper.api.HelperRequest.ContainerCall;
import org.dvs.helper.target.Targets;
import org.dvs.kernel.api.DcInfo;
import org.dvs.procfs.ControlGroups;

/**
 * The containers of this host, by way of the engines that are installed or of its processes, and the DCs of this node.
 * Thread-safe.
 */
final class Containers {
    private static final int FIELDS = 6;

    /**
     * One container.
     *
     * @param pid       0 where it does not run
     * @param createdMs null where nobody knows
     * @param cgroup    relative to where groups are mounted; null where it does not run
     */
    record Container(String engine, String id, String name, String image, String state, long pid, Long createdMs,
            List<String> ports,
                     String cgroup, int dcid) {
    }

    private final Path root;
    private final SystemContainers system;
    private final Targets.Source kernel;
    private final Helper helper;

    Containers(Path root, Targets.Source kernel, Helper helper) {
        this.root = root;
        this.system = new SystemContainers(root);
        this.kernel = kernel;
        this.helper = helper;
    }

    List<ContainerEngine> installed() {
        return Arrays.stream(ContainerEngine.values()).filter(each -> each.program(root).isPresent()).toList();
    }

    List<ContainerEngine> atWork() {
        return installed().stream().filter(each -> each.mayBeAtWork(root)).toList();
    }

    /** @throws DvsException {@code NOENT} if it is not installed; for auto, if none is */
    ContainerEngine engine(String word) throws DvsException {
        Optional<ContainerEngine> found = installed().stream().filter(each -> word.equals("auto") || each.word().equals(word))
                .findFirst();
        return found.orElseThrow(() -> new DvsException(ErrorCode.NOENT, "there is no program "
                + (word.equals("auto") ? "docker or podman" : word)));
    }

    List<Container> of(ContainerEngine engine, int limitMs) throws DvsException, InterruptedException {
        String ids = helper.ask(new ContainerCall(engine, Verb.LIST, List.of(), 0, 0, limitMs)).ran().out();
        List<String> all = ids.lines().filter(line -> !line.isEmpty()).limit(HelperRequest.MAX_CONTAINERS).toList();
        return all.isEmpty() ? List.of() : inspect(engine, all, limitMs);
    }

    List<Container> inspect(ContainerEngine engine, List<String> ids, int limitMs) throws DvsException, InterruptedException {
        String lines = helper.ask(new ContainerCall(engine, Verb.INSPECT, ids, 0, 0, limitMs)).ran().out();
        List<Container> containers = new ArrayList<>();
        ControlGroups groups = ControlGroups.read(root);
        for (String line : lines.split("\n")) {
            String[] fields = line.split("\t", -1);
            if (fields.length > FIELDS) {
                containers.add(container(engine, fields, groups));
            }
        }
        return containers;
    }

    private static Container container(ContainerEngine engine, String[] fields, ControlGroups groups) {
        long pid = fields[4].matches("\\d{1,9}") ? Long.parseLong(fields[4]) : 0;
        String cgroup = pid <= 0 ? null : groups.of("memory").or(groups::unified)
                .flatMap(each -> groups.pathOf((int) pid, each)).orElse(null);
        List<String> ports = Arrays.stream(fields[6].trim().split(" ")).filter(port -> !port.isEmpty()).toList();
        return new Container(engine.word(), fields[0], fields[1].replaceFirst("^/", ""), fields[2], fields[3], pid,
                time(fields[5]), ports,
                cgroup, -1);
    }

    /** @return null for what is no time */
    private static Long time(String quoted) {
        try {
            return OffsetDateTime.parse(quoted.replace("\"", "")).toInstant().toEpochMilli();
        } catch (DateTimeParseException e) {
            // An engine that writes it otherwise.
            return null;
        }
    }

    /** @param engines of {@value SystemContainers#LXC} and {@value SystemContainers#NSPAWN} */
    List<Container> system(List<String> engines) {
        return system.of(engines);
    }

    /** DCs of this node; none while it has no DVS. */
    List<Container> dcs() {
        try {
            List<Container> containers = new ArrayList<>();
            for (DcInfo dc : kernel.get().dcs()) {
                int dcid = dc.settings().dcid();
                containers.add(new Container("dc", Integer.toString(dcid), dc.settings().name(), null, dc.running() ? "running"
                        : "free",
                        dc.pid(), null, List.of(), String.join("/", helper.subtree()) + "/dc" + dcid, dcid));
            }
            return containers;
        } catch (DvsException e) {
            // No kernel, or no DVS: no DC.
            return List.of();
        }
    }
}
