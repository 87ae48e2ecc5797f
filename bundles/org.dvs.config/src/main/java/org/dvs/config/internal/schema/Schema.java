package org.dvs.config.internal.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a PID takes.
 *
 * @param pid        of the configuration, or of its factory
 * @param factory    true if there may be several, each with a name
 * @param attributes in the order of the metatype XML
 */
public record Schema(String pid, boolean factory, List<Attribute> attributes) {

    public Schema {
        attributes = List.copyOf(attributes);
    }

    public Optional<Attribute> attribute(String id) {
        return attributes.stream().filter(attribute -> attribute.id().equals(id)).findFirst();
    }

    public List<String> keys() {
        return attributes.stream().map(Attribute::id).toList();
    }

    /** Several components may share a PID: together they take the keys of all. The first description of a key counts. */
    Schema with(Schema other) {
        Map<String, Attribute> all = new LinkedHashMap<>();
        attributes.forEach(attribute -> all.put(attribute.id(), attribute));
        other.attributes.forEach(attribute -> all.putIfAbsent(attribute.id(), attribute));
        return new Schema(pid, factory || other.factory, new ArrayList<>(all.values()));
    }
}
