package org.dvs.agent.cgroup.internal;

import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.procfs.ControlGroups;
import org.dvs.procfs.ControlGroups.Hierarchy;

/** Where the group that a request reads is, for each controller. */
final class Reading {
    /** Finds the group in one tree. */
    interface Place {
        Optional<String> in(Hierarchy hierarchy) throws DvsException;
    }

    private final ControlGroups groups;
    private final Place place;
    private final String target;

    /** @param target for messages */
    Reading(ControlGroups groups, Place place, String target) {
        this.groups = groups;
        this.place = place;
        this.target = target;
    }

    /** @return empty if the machine has none of the controller, or the target no group in its tree */
    Optional<Group> optional(String controller) throws DvsException {
        Optional<Hierarchy> hierarchy = groups.of(controller);
        if (hierarchy.isEmpty()) {
            return Optional.empty();
        }
        Group group = place.in(hierarchy.get()).map(path -> new Group(hierarchy.get(), path)).orElse(null);
        return group != null && java.nio.file.Files.isDirectory(group.folder()) ? Optional.of(group) : Optional.empty();
    }

    /** Of a controller that the resource cannot do without; two names where versions 1 and 2 call it differently. */
    Group require(String... controllers) throws DvsException {
        for (String controller : controllers) {
            Optional<Hierarchy> hierarchy = groups.of(controller);
            if (hierarchy.isPresent()) {
                String path = place.in(hierarchy.get())
                        .orElseThrow(() -> new DvsException(ErrorCode.NOENT, target + " has no control group"));
                Group group = new Group(hierarchy.get(), path);
                group.require();
                return group;
            }
        }
        throw missing(controllers[0]);
    }

    static DvsException missing(String controller) {
        return new DvsException(ErrorCode.NOSYS, "not supported here, because controller " + controller
                + " is not in this kernel or mounted nowhere");
    }
}
