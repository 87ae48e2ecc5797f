package org.dvs.agent.cgroup.internal;

import java.util.List;
import java.util.Locale;

import org.dvs.api.DvsException;
import org.dvs.api.Role;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;

/** The three requests of one resource: read, set, reset. */
final class GroupRequests {
    private GroupRequests() {
    }

    static List<RequestHandler> of(Resource resource, GroupTargets targets) {
        return List.of(new Get(resource, targets), new Set(resource, targets), new Reset(resource, targets));
    }

    private static RequestSpec.Builder described(Resource resource, String suffix, String verb) {
        RequestSpec.Builder builder = RequestSpec.named("RQST_CG" + resource.word().toUpperCase(Locale.ROOT) + suffix)
                .command("cg " + resource.word() + " " + verb);
        GroupTargets.PARAMETERS.forEach(builder::parameter);
        return builder;
    }

    /** Reads; what is the machine's to show needs no more than a viewer. */
    private static final class Get implements RequestHandler {
        private final Resource resource;
        private final GroupTargets targets;
        private final RequestSpec spec;

        Get(Resource resource, GroupTargets targets) {
            this.resource = resource;
            this.targets = targets;
            RequestSpec.Builder builder = described(resource, "", "get").help("Shows limits and use of " + resource.what()
                    + " of a control group");
            resource.columns().forEach(builder::column);
            this.spec = (resource.manyRows() ? builder.manyRows() : builder).build();
        }

        @Override
        public RequestSpec spec() {
            return spec;
        }

        @Override
        public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
            resource.read(targets.reading(request), request, rows);
            return 0;
        }
    }

    /** Sets limits; makes the group where there is none. */
    private static final class Set implements RequestHandler {
        private final Resource resource;
        private final GroupTargets targets;
        private final RequestSpec spec;

        Set(Resource resource, GroupTargets targets) {
            this.resource = resource;
            this.targets = targets;
            RequestSpec.Builder builder = described(resource, "SET", "set").help("Limits " + resource.what()
                    + " of a control group, which is made if it is not there");
            resource.settings().forEach(builder::parameter);
            this.spec = builder.changes().role(Role.OPERATOR).build();
        }

        @Override
        public RequestSpec spec() {
            return spec;
        }

        @Override
        public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
            Change change = targets.change(request, true);
            try {
                resource.set(change, request);
                change.place();
            } catch (DvsException e) {
                change.takeBack();
                throw e;
            }
            return 0;
        }
    }

    /** Takes limits away, and the group when it has none any more. */
    private static final class Reset implements RequestHandler {
        private final Resource resource;
        private final GroupTargets targets;
        private final RequestSpec spec;

        Reset(Resource resource, GroupTargets targets) {
            this.resource = resource;
            this.targets = targets;
            RequestSpec.Builder builder = described(resource, "RESET", "reset").help("Takes all limits of " + resource.what()
                    + " from a control group, which goes if it has no limit any more and nothing is in it");
            resource.resets().forEach(builder::parameter);
            this.spec = builder.changes().role(Role.OPERATOR).build();
        }

        @Override
        public RequestSpec spec() {
            return spec;
        }

        @Override
        public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
            Change change = targets.change(request, false);
            resource.reset(change, request);
            change.tidy();
            return 0;
        }
    }
}
