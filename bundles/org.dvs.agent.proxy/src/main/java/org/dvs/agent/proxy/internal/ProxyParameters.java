package org.dvs.agent.proxy.internal;

import org.dvs.api.request.Parameter;
import org.dvs.api.request.ValueType;

/** The operands that several requests of the family have. */
final class ProxyParameters {
    private static final int MAX_ID = 1_023;

    static final Parameter PROXY = Parameter.of("proxy", ValueType.INTEGER, "id of the pair: that of the other node").range(0,
            MAX_ID)
            .mandatory().asOperand();

    private ProxyParameters() {
    }
}
