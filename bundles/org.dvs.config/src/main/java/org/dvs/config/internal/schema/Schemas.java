package org.dvs.config.internal.schema;

import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** All schemas that are known at one moment. Immutable. */
public final class Schemas {
    public static final Schemas NONE = new Schemas(java.util.List.of());

    private final SortedMap<String, Schema> byPid = new TreeMap<>();

    /**
     * Which configuration a file is.
     *
     * @param schema of it
     * @param pid    under which it is published: that of the schema, or {@code factory~name}
     */
    public record Target(Schema schema, String pid) {
    }

    public Schemas(Collection<Schema> schemas) {
        schemas.forEach(schema -> byPid.merge(schema.pid(), schema, Schema::with));
    }

    public Collection<Schema> all() {
        return byPid.values();
    }

    public Optional<Schema> schema(String pid) {
        return Optional.ofNullable(byPid.get(pid));
    }

    /** @param name of the file without {@code .cfg}: a PID, or {@code factory-name}, or {@code factory~name} */
    public Optional<Target> target(String name) {
        Schema single = byPid.get(name);
        if (single != null && !single.factory()) {
            return Optional.of(new Target(single, name));
        }
        for (int i = 1; i < name.length() - 1; i++) {
            if (name.charAt(i) == '~' || name.charAt(i) == '-') {
                Schema factory = byPid.get(name.substring(0, i));
                if (factory != null && factory.factory()) {
                    return Optional.of(new Target(factory, factory.pid() + '~' + name.substring(i + 1)));
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Schemas schemas && byPid.equals(schemas.byPid);
    }

    @Override
    public int hashCode() {
        return byPid.hashCode();
    }
}
