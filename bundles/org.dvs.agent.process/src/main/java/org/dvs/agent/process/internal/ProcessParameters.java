package org.dvs.agent.process.internal;

import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.ValueType;
import org.dvs.kernel.api.DvsParameters;

/** The operands that several requests of the family have. */
final class ProcessParameters {
    static final Parameter DCID = Parameter.of("dcid", ValueType.INTEGER, "id of the DC").range(0, DvsParameters.MAX_DCS - 1)
            .mandatory().asOperand();
    static final Parameter ENDPOINT = Parameter.of("endpoint", ValueType.INTEGER, "endpoint of the process")
            .range(Integer.MIN_VALUE, Integer.MAX_VALUE).mandatory().asOperand();

    private ProcessParameters() {
    }

    static int dcid(Request request) {
        return Math.toIntExact(request.number("dcid"));
    }

    static int endpoint(Request request) {
        return Math.toIntExact(request.number("endpoint"));
    }
}
