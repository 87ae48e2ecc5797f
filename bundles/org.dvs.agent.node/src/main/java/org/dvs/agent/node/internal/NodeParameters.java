package org.dvs.agent.node.internal;

import org.dvs.api.request.Parameter;
import org.dvs.api.request.ValueType;
import org.dvs.kernel.api.DvsParameters;

/** The operands that several requests of the family have. */
final class NodeParameters {
    static final Parameter DCID = Parameter.of("dcid", ValueType.INTEGER, "id of the DC").range(0, DvsParameters.MAX_DCS - 1)
            .mandatory().asOperand();
    static final Parameter NODE = Parameter.of("node", ValueType.TEXT, "name or id").matching("[A-Za-z0-9_.-]{1,63}").mandatory()
            .asOperand();

    private NodeParameters() {
    }
}
