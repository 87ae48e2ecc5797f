package org.dvs.rest.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestSpec;

/** The requests' self-descriptions as JSON. */
final class Describe {

    private Describe() {
    }

    /** Path of a request below the base: {@code /lb/server/drain}. */
    static String path(RequestSpec spec) {
        return '/' + String.join("/", spec.command());
    }

    static Map<String, Object> request(RequestSpec spec) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", spec.name());
        tree.put("aliases", spec.aliases());
        tree.put("command", spec.command());
        tree.put("path", path(spec));
        tree.put("methods", spec.changes() ? List.of("POST") : List.of("GET", "POST"));
        tree.put("help", spec.help());
        tree.put("role", spec.role().word());
        tree.put("changes", spec.changes());
        tree.put("destructive", spec.destructive());
        tree.put("manyRows", spec.manyRows());
        tree.put("parameters", spec.parameters().stream().map(Describe::parameter).toList());
        tree.put("columns", spec.columns().stream().map(Describe::column).toList());
        return tree;
    }

    private static Map<String, Object> parameter(Parameter parameter) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", parameter.name());
        tree.put("type", word(parameter.type()));
        tree.put("help", parameter.help());
        tree.put("required", parameter.required());
        tree.put("default", parameter.defaultValue());
        tree.putAll(parameter.limits());
        if (!parameter.allowed().isEmpty()) {
            tree.put("allowed", parameter.allowed());
        }
        if (parameter.pattern() != null) {
            tree.put("pattern", parameter.pattern().pattern());
        }
        tree.put("operand", parameter.operand());
        return tree;
    }

    private static Map<String, Object> column(Column column) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", column.name());
        tree.put("type", word(column.type()));
        tree.put("unit", column.unit());
        tree.put("help", column.help());
        tree.put("wide", column.wide());
        return tree;
    }

    private static String word(Enum<?> type) {
        return type.name().toLowerCase(Locale.ROOT);
    }
}
