package org.dvs.agent.process.internal;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Nearest;
import org.dvs.api.Ranges;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.kernel.api.Call;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.Kernel;
import org.dvs.kernel.api.Privileges;
import org.dvs.registry.api.LocalKernel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code proc priv set}: changes what a process may do, on each node asked; what is not given stays as it is. Source: seed 000;
 * dvsd reference 6; dvs-kernel reference 4.5 and 7.
 */
@Component
public final class PrivSetHandler implements RequestHandler {
    private static final String ALL = "all";
    private static final String NONE = "none";
    /** System slots there can be. */
    private static final int MAX_SLOT = 1_048_575 + 299;

    private final LocalKernel kernel;

    @Activate
    public PrivSetHandler(@Reference LocalKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_SETPRIV").command("proc priv set")
                .help("Changes the privileges of a process in the kernels of the nodes named; what is not given stays")
                .parameter(ProcessParameters.DCID).parameter(ProcessParameters.ENDPOINT)
                .parameter(Parameter.of("level", ValueType.INTEGER, "0 user, 1 server, 2 task, 3 system, 4 kernel, 5 proxy")
                        .range(Integer.MIN_VALUE, Integer.MAX_VALUE))
                .parameter(Parameter.of("warn", ValueType.INTEGER, "process number, stored")
                        .range(Integer.MIN_VALUE, Integer.MAX_VALUE))
                .parameter(Parameter.of("ipc_to", ValueType.TEXT, "system slots it may address: 0-63, 1,5 or none")
                        .matching("none|[0-9,-]+"))
                .parameter(Parameter.of("allowed", ValueType.TEXTS, "calls it may make: all, none, or their words").range(1, 64)
                        .matching("[a-z0-9_]+(,[a-z0-9_]+)*"))
                .changes().build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        Kernel there = kernel.get();
        int dcid = ProcessParameters.dcid(request);
        int endpoint = ProcessParameters.endpoint(request);
        Optional<String> ipcTo = request.optionalText("ipc_to");
        List<String> allowed = request.texts("allowed");
        if (ipcTo.isEmpty() && allowed.isEmpty() && request.optionalNumber("level").isEmpty()
                && request.optionalNumber("warn").isEmpty()) {
            throw new DvsException(ErrorCode.INVAL, "nothing to change: give level, warn, ipc_to or allowed");
        }
        Privileges old = old(there, dcid, endpoint);
        BitSet slots = ipcTo.isPresent() ? slots(ipcTo.get(), there.dc(dcid).settings()) : old.ipcTo();
        there.privileges(dcid, endpoint, new Privileges(old.id(), or(request, "level", old.level()),
                or(request, "warn", old.warn()), slots, allowed.isEmpty() ? old.allowed() : calls(allowed)));
        return 0;
    }

    private static Privileges old(Kernel there, int dcid, int endpoint) throws DvsException {
        try {
            return there.privileges(dcid, endpoint);
        } catch (DvsException e) {
            // To change what a process may do that is not there is another error than to ask for it.
            throw e.code() == ErrorCode.NOTBIND ? new DvsException(ErrorCode.DSTDIED, e.getMessage(), e) : e;
        }
    }

    private static BitSet slots(String given, DcSettings dc) throws DvsException {
        BitSet slots;
        try {
            slots = Ranges.parse(given, MAX_SLOT);
        } catch (DvsException e) {
            throw new DvsException(e.code(), "ipc_to: " + e.getMessage(), e);
        }
        if (slots.length() > dc.nrSysprocs()) {
            throw new DvsException(ErrorCode.BADRANGE, "ipc_to: slot " + (slots.length() - 1) + " is not of a system process; DC "
                    + dc.dcid() + " has 0.." + (dc.nrSysprocs() - 1));
        }
        return slots;
    }

    private static int or(Request request, String name, int otherwise) {
        OptionalLong given = request.optionalNumber(name);
        return given.isPresent() ? Math.toIntExact(given.getAsLong()) : otherwise;
    }

    private static long calls(List<String> given) throws DvsException {
        long bits = 0;
        for (String word : given.stream().flatMap(each -> Stream.of(each.split(","))).toList()) {
            bits |= word.equals(ALL) ? Call.allBits() : word.equals(NONE) ? 0 : call(word).bit();
        }
        return bits;
    }

    private static Call call(String word) throws DvsException {
        return Arrays.stream(Call.values()).filter(each -> each.word().equals(word)).findFirst().orElseThrow(() ->
                new DvsException(ErrorCode.BADVALUE, "allowed: there is no call '" + word + "'" + Nearest.hint(word, words())));
    }

    private static List<String> words() {
        return Stream.concat(Stream.of(ALL, NONE), Arrays.stream(Call.values()).map(Call::word)).toList();
    }

    @Override
    public List<String> suggest(Parameter parameter, String typed) {
        return parameter.name().equals("allowed") ? words() : List.of();
    }
}
