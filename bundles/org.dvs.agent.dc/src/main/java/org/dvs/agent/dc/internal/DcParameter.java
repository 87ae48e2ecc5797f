package org.dvs.agent.dc.internal;

import org.dvs.api.request.Parameter;
import org.dvs.api.request.ValueType;
import org.dvs.kernel.api.DvsParameters;

/** The operand that names a DC. */
final class DcParameter {
    static final Parameter DCID = Parameter.of("dcid", ValueType.INTEGER, "id of the DC").range(0, DvsParameters.MAX_DCS - 1)
            .mandatory().asOperand();

    private DcParameter() {
    }
}
