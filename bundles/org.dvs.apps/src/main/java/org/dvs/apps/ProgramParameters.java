package org.dvs.apps;

import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.ValueType;
import org.dvs.kernel.api.DvsParameters;

/** Parameters that the requests of all programs of the container have. */
public final class ProgramParameters {
    public static final Parameter DCID = Parameter.of("dcid", ValueType.INTEGER, "id of the DC")
            .range(0, DvsParameters.MAX_DCS - 1L).mandatory().asOperand();

    private ProgramParameters() {
    }

    /** @param byDefault endpoint if none is given */
    public static Parameter client(int byDefault) {
        return endpoint("client", "endpoint to bind as client; a user endpoint where the server is on another node")
                .byDefault((long) byDefault);
    }

    public static Parameter server() {
        return endpoint("server", "endpoint of the server");
    }

    private static Parameter endpoint(String name, String help) {
        return Parameter.of(name, ValueType.INTEGER, help).range(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    public static int dcid(Request request) {
        return Math.toIntExact(request.number(DCID.name()));
    }

    public static int client(Request request) {
        return Math.toIntExact(request.number("client"));
    }

    public static int server(Request request) {
        return Math.toIntExact(request.number("server"));
    }
}
