package org.dvs.config.internal;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.dvs.api.Nearest;
import org.dvs.config.internal.schema.Schema;

/**
 * Settings from the environment, which win over those of files. The variable of a key is {@code DVS_}, the PID without
 * {@code org.dvs.}, {@code _} and the key, in upper case, with every character that is no letter or digit as {@code _}:
 * {@code bindPort} of {@code org.dvs.cluster} is {@code DVS_CLUSTER_BINDPORT}. Configurations of a factory have none.
 * Source: conventions 4. Immutable.
 */
public final class Variables {
    private static final String PREFIX = "DVS_";
    private static final String OURS = "org.dvs.";

    private final Map<String, String> environment;

    public Variables(Map<String, String> environment) {
        this.environment = new TreeMap<>(environment);
        this.environment.keySet().removeIf(name -> !name.startsWith(PREFIX));
    }

    /** The variable that sets a key. */
    public static String name(String pid, String key) {
        return area(pid) + upper(key);
    }

    private static String area(String pid) {
        return PREFIX + upper(pid.startsWith(OURS) ? pid.substring(OURS.length()) : pid) + '_';
    }

    private static String upper(String text) {
        return text.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    public Optional<String> value(Schema schema, String key) {
        return schema.factory() ? Optional.empty() : Optional.ofNullable(environment.get(name(schema.pid(), key)));
    }

    /** True if any variable sets a key of this schema. */
    public boolean any(Schema schema) {
        return schema.keys().stream().anyMatch(key -> value(schema, key).isPresent());
    }

    /**
     * Variables that look like a key of this schema and are none: a slip of the pen that would otherwise do nothing, silently.
     *
     * @return variable to the variable probably meant
     */
    public Map<String, String> slips(Schema schema) {
        Map<String, String> slips = new TreeMap<>();
        if (!schema.factory()) {
            List<String> names = schema.keys().stream().map(key -> name(schema.pid(), key)).toList();
            String area = area(schema.pid());
            environment.keySet().stream().filter(name -> name.startsWith(area) && !names.contains(name))
                    .forEach(name -> Nearest.to(name, names).ifPresent(meant -> slips.put(name, meant)));
        }
        return slips;
    }
}
