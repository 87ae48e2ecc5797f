package org.dvs.agent.host.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.dvs.api.DvsException;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.ValueType;
import org.dvs.helper.api.Helper;
import org.dvs.helper.api.HelperReply;
import org.dvs.helper.api.HelperRequest;
import org.dvs.helper.program.CommandResult;
import org.dvs.testkit.Asked;
import org.dvs.testkit.RecordingKernel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every parameter of every request of the family but COMMAND's program. Names finish the sentence "a hostile argument …". */
@Tag("R-CMD-17")
class HostileArgumentsTest {
    private static final List<String> HOSTILE = List.of("; touch /tmp/dvs-hostile", "$(touch /tmp/dvs-hostile)",
            "`touch /tmp/dvs-hostile`", "| touch /tmp/dvs-hostile", "a\ntouch /tmp/dvs-hostile", "a\u0000b", "\u001b[2J", "-rf",
                    "--",
            "--help", "../../etc/passwd", "/etc/../etc/passwd", "x".repeat(9_000), "\ud800", "\ufffd\ufffd", "%s%n", "{{.Id}}",
            "\u202eabc", "9".repeat(40), "-1", "");
    /** Asked by names as they are, never handed on. */
    private static final Set<String> TAKEN = Set.of("RQST_PS name", "RQST_IFCONFIG name", "RQST_CONTAINER id");

    private final List<HelperRequest> asked = new ArrayList<>();
    private final Helper helper = new SeparateHelper() {
        @Override
        public HelperReply ask(HelperRequest request) {
            asked.add(request);
            return HelperReply.of(new CommandResult(0, 0, 1, "", "", false, false, false));
        }
    };

    private List<RequestHandler> handlers() throws Exception {
        RecordingKernel kernel = new RecordingKernel();
        Path root = Path.of("/");
        return List.of(new PsHandler(root, () -> kernel), new PidstatHandler(root, () -> kernel, new Intervals(millis -> { },
                System::nanoTime, System::currentTimeMillis), System::nanoTime), new MountHandler(root),
                new MountChangeHandler.Add(helper), new MountChangeHandler.Remove(helper), new IfconfigHandler(),
                new NetstatHandler(), new ContainerListHandler(root, () -> kernel, helper), new ContainerHandler(root, () ->
                        kernel, helper));
    }

    @Test
    void isRefusedWithATypedErrorOrTakenForWhatItIsAndNeverHandedOn() throws Exception {
        int tried = 0;
        for (RequestHandler handler : handlers()) {
            for (Parameter parameter : handler.spec().parameters()) {
                if (parameter.type() != ValueType.FLAG) {
                    for (String value : HOSTILE) {
                        tried++;
                        one(handler, parameter, value);
                    }
                }
            }
        }
        assertTrue(tried > 300, tried + " tries");
        assertEquals(false, java.nio.file.Files.exists(Path.of("/tmp/dvs-hostile")));
    }

    private void one(RequestHandler handler, Parameter parameter, String value) throws InterruptedException {
        String what = handler.spec().name() + " " + parameter.name();
        List<String> values = new ArrayList<>();
        for (Parameter each : handler.spec().parameters()) {
            if (each.required() && !each.name().equals(parameter.name())) {
                values.addAll(List.of(each.name(), each.allowed().isEmpty() ? "web" : each.allowed().get(0)));
            }
        }
        values.addAll(List.of(parameter.name(), value));
        asked.clear();
        boolean refused = false;
        try {
            Asked.of(handler, values.toArray(String[]::new));
        } catch (DvsException e) {
            refused = true;
        }
        // The helper compares it with what stands in root's table, and takes nothing of it.
        boolean compared = what.matches("RQST_(MOUNTSET|UMOUNT) target") && value.startsWith("/");
        boolean handedOn = !compared && !value.matches("[0-9]*")
                && asked.stream().anyMatch(each -> each.toString().contains(value));
        assertTrue(!handedOn && (refused || compared || TAKEN.contains(what) || value.isEmpty() || value.matches("-?[0-9]+")),
                what + " took " + value + ": " + asked);
    }
}
