package org.dvs.agent.namespace.internal;

import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.ValueType;
import org.dvs.helper.api.HelperRequest;
import org.dvs.helper.api.NetLink;

/** What a new network namespace gets to reach others by, as a request gives it. Source: dvsd reference 8, UNSHARE. */
final class LinkOptions {
    static final List<Parameter> PARAMETERS = List.of(
            Parameter.of("interface", ValueType.TEXT, "an interface of the host without addresses, which moves into it")
                    .matching(HelperRequest.DEVICE.pattern()),
            Parameter.of("veth", ValueType.TEXT, "instead: name inside of one end of a pair that is made")
                    .matching(HelperRequest.DEVICE.pattern()),
            Parameter.of("peer", ValueType.TEXT, "with veth: name of the other end, which stays outside")
                    .matching(HelperRequest.DEVICE.pattern()),
            Parameter.of("address", ValueType.TEXT, "of the end inside, such as 198.18.5.2/24")
                    .matching(NetLink.ADDRESS.pattern()),
            Parameter.of("peer_address", ValueType.TEXT, "with veth: of the end outside").matching(NetLink.ADDRESS.pattern()));

    private LinkOptions() {
    }

    /** @throws DvsException {@code INVAL} for an option without what it belongs to */
    static NetLink of(Request request) throws DvsException {
        String device = request.optionalText("interface").orElse("");
        String veth = request.optionalText("veth").orElse("");
        String peer = request.optionalText("peer").orElse("");
        if (!device.isEmpty() && !veth.isEmpty()) {
            throw new DvsException(ErrorCode.INVAL, "give either an interface that moves or a veth that is made");
        }
        if (veth.isEmpty() != peer.isEmpty()) {
            throw new DvsException(ErrorCode.INVAL, "a pair has two ends: give both veth and peer");
        }
        try {
            return new NetLink(device + veth, peer, request.optionalText("address").orElse(""),
                    request.optionalText("peer_address").orElse(""));
        } catch (IllegalArgumentException e) {
            throw new DvsException(ErrorCode.INVAL, "address needs an interface or a veth, peer-address a veth", e);
        }
    }
}
