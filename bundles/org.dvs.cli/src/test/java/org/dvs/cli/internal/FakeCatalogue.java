package org.dvs.cli.internal;

import java.util.List;
import java.util.Optional;

import org.dvs.api.dispatch.Catalogue;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestSpec;

/** Serves a fixed list; suggests two paths for parameters named path, else the allowed values. */
public record FakeCatalogue(List<RequestSpec> specs) implements Catalogue {

    @Override
    public Optional<RequestSpec> find(String name) {
        return specs.stream().filter(spec -> spec.name().equals(name) || spec.aliases().contains(name)).findFirst();
    }

    @Override
    public List<String> suggest(RequestSpec spec, Parameter parameter, String typed) {
        return parameter.name().equals("path") ? List.of("/var", "/home") : parameter.allowed();
    }
}
