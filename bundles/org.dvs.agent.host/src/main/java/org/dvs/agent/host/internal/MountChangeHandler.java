package org.dvs.agent.host.internal;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.helper.api.Helper;
import org.dvs.helper.api.HelperRequest.MountChange;
import org.dvs.helper.program.ProgramRequest;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * RQST_MOUNTSET and RQST_UMOUNT: mount and unmount what root's {@code /etc/fstab} names and marks with
 * {@value MountChange#MOUNT_MARK}. Source: dvsd reference 9, MOUNT.
 */
abstract class MountChangeHandler implements RequestHandler {
    private static final int LONGEST_MS = 3_600_000;

    private final Helper helper;
    private final boolean mount;
    private final RequestSpec spec;

    private MountChangeHandler(Helper helper, boolean mount) {
        this.helper = helper;
        this.mount = mount;
        RequestSpec.Builder builder = RequestSpec.named(mount ? "RQST_MOUNTSET" : "RQST_UMOUNT")
                .command(mount ? "host mount add" : "host mount remove")
                .help((mount ? "Mounts" : "Unmounts") + " what a line of /etc/fstab with the option " + MountChange.MOUNT_MARK
                        + " names")
                .parameter(Parameter.of("target", ValueType.TEXT, "where, as it stands in that line").range(1, 4_096)
                        .matching("[^\\x00-\\x1f]*").mandatory().asOperand());
        if (!mount) {
            builder.parameter(Parameter.of("lazy", ValueType.FLAG, "out of sight at once, gone when nobody uses it any more"))
                    .parameter(Parameter.of("force", ValueType.FLAG, "also if its server does not answer"));
        }
        this.spec = (mount ? builder.changes() : builder.destroys()).role(Role.ADMIN).build();
    }

    @Override
    public RequestSpec spec() {
        return spec;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        int limit = (int) Math.min(ProgramRequest.possibleMs(request), LONGEST_MS);
        if (limit <= 0) {
            throw new DvsException(ErrorCode.TIMEDOUT, "no time was left to begin");
        }
        String target = request.text("target");
        if (!target.startsWith("/")) {
            throw new DvsException(ErrorCode.BADVALUE, "target: " + Shown.of(target) + " is no absolute path");
        }
        helper.ask(new MountChange(target, mount, !mount && request.flag("lazy"), !mount && request.flag("force"), limit));
        return 0;
    }

    /** RQST_MOUNTSET. */
    @Component(service = RequestHandler.class)
    public static final class Add extends MountChangeHandler {
        @Activate
        public Add(@Reference Helper helper) {
            super(helper, true);
        }
    }

    /** RQST_UMOUNT. */
    @Component(service = RequestHandler.class)
    public static final class Remove extends MountChangeHandler {
        @Activate
        public Remove(@Reference Helper helper) {
            super(helper, false);
        }
    }
}
