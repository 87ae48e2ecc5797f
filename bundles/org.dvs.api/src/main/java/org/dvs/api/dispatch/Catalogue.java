package org.dvs.api.dispatch;

import java.util.List;
import java.util.Optional;

import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestSpec;
import org.osgi.annotation.versioning.ProviderType;

/** The requests that this node serves now. Thread-safe; changes as handlers come and go. */
@ProviderType
public interface Catalogue {

    /** All of them, by command. */
    List<RequestSpec> specs();

    /** @param name a request's name or alias */
    Optional<RequestSpec> find(String name);

    /** Candidates for a value while somebody types; empty if the request is not served here any more. */
    List<String> suggest(RequestSpec spec, Parameter parameter, String typed);
}
