package org.dvs.config.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Nearest;
import org.dvs.api.config.Kind;
import org.dvs.config.internal.schema.Attribute;
import org.dvs.config.internal.schema.Schema;
import org.dvs.config.internal.schema.SecretSettings;

/**
 * One key, the value that runs and which of environment, file and default it comes from.
 *
 * @param pid          of the configuration
 * @param key          of the setting
 * @param value        that runs; empty if there is none
 * @param origin       {@code env NAME}, {@code file:line}, {@code default}, or {@code unset}
 * @param type         for people
 * @param defaultValue empty for none
 * @param attribute    whose limits they are
 * @param help         one line
 */
record Explanation(String pid, String key, String value, String origin, String type, String defaultValue, Attribute attribute,
                   String help) {

    /**
     * @param pid of a configuration or a factory; empty for all
     * @param key empty for all
     * @throws DvsException {@code NOCONFIG} for an unknown PID, {@code BADKEY} for an unknown key
     */
    static List<Explanation> of(Engine engine, Optional<String> pid, Optional<String> key) throws DvsException {
        SortedSet<String> pids = new TreeSet<>(engine.runningPids());
        engine.schemas().all().stream().filter(schema -> !schema.factory()).map(Schema::pid).forEach(pids::add);
        if (pid.isPresent() && !pids.contains(pid.get())) {
            throw new DvsException(ErrorCode.NOCONFIG, "no installed bundle takes " + pid.get() + Nearest.hint(pid.get(), pids));
        }
        List<Explanation> rows = new ArrayList<>();
        for (String each : pid.isPresent() ? new TreeSet<>(List.of(pid.get())) : pids) {
            engine.schemas().schema(each.replaceFirst("~.*", ""))
                    .ifPresent(schema -> schema.attributes().stream()
                            .filter(attribute -> key.isEmpty() || attribute.id().equals(key.get()))
                            .forEach(attribute -> rows.add(row(each, attribute, engine.running(each)))));
        }
        if (rows.isEmpty() && key.isPresent()) {
            throw new DvsException(ErrorCode.BADKEY, "there is no key '" + key.get() + "'" + pid.map(name -> " in " + name)
                    .orElse("") + Nearest.hint(key.get(), pids.stream().flatMap(each -> engine.schemas().schema(each).stream())
                            .flatMap(schema -> schema.keys().stream()).toList()));
        }
        return rows;
    }

    private static Explanation row(String pid, Attribute attribute, Optional<Checked> running) {
        Optional<Object> set = running.map(checked -> checked.values().get(attribute.id()));
        String origin = set.isPresent() ? running.orElseThrow().origins().get(attribute.id())
                : attribute.defaultValue().isPresent() ? "default" : "unset";
        String value = set.map(Engine::shown).or(attribute::defaultValue).orElse("");
        Kind kind = attribute.rule().kind();
        String type = (kind == Kind.ANY ? attribute.type().word() : kind.word())
                + (attribute.cardinality() == 0 ? "" : ", several");
        return new Explanation(pid, attribute.id(), attribute.secret() && !SecretSettings.reference(value) ? SecretSettings.MASK : value,
                origin, type, attribute.defaultValue().orElse(""), attribute, attribute.description());
    }
}
