package org.dvs.rest.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.dvs.api.NodeSet;
import org.dvs.api.dispatch.OrderOption;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.ValueType;
import org.dvs.web.api.Problem;

/** OpenAPI 3.1 for the requests served at this moment. */
final class OpenApi {
    private static final String PROBLEM = "#/components/responses/Problem";
    private static final String JSON = "application/json";

    private OpenApi() {
    }

    /**
     * @param specs   of the requests served
     * @param version of DVS
     */
    static Map<String, Object> document(List<RequestSpec> specs, String version) {
        Map<String, Object> paths = new LinkedHashMap<>();
        fixed(paths);
        for (RequestSpec spec : specs) {
            Map<String, Object> item = new LinkedHashMap<>();
            if (!spec.changes()) {
                item.put("get", get(spec));
            }
            item.put("post", post(spec));
            paths.put(Describe.path(spec), item);
        }
        return map("openapi", "3.1.0",
                "info", map("title", "DVS", "version", version, "description",
                        "Requests to the nodes of a DVS. Every request served at this moment is here;"
                                + " a bundle with a new one adds it."),
                "servers", List.of(map("url", ApiServlet.BASE)),
                "security", List.of(map("token", List.of()), map("password", List.of())),
                "paths", paths,
                "components", components());
    }

    private static void fixed(Map<String, Object> paths) {
        paths.put("/requests", map("get", operation("requests", "The requests served, with their descriptions", List.of(),
                content(JSON, map("type", "array", "items", map("type", "object"))))));
        paths.put("/openapi.json", map("get", operation("openapi", "This document", List.of(),
                content(JSON, map("type", "object")))));
        paths.put("/jobs", map("get", operation("jobs", "Jobs this node has taken, newest first", List.of(),
                content(JSON, map("type", "array", "items", map("type", "object"))))));
        Map<String, Object> job = map("name", "job", "in", "path", "required", true, "description", "id of the job",
                "schema", map("type", "string"));
        paths.put("/jobs/{job}", map(
                "get", operation("job", "What came of a job so far", List.of(job), content(JSON, reference("Answer"))),
                "delete", operation("cancelJob", "Ends a job that is under way", List.of(job),
                        content("text/plain", map("type", "string")))));
        Map<String, Object> cli = operation("cli",
                "The command line: answers a stream of lines, the first character says what kind",
                List.of(), content("text/plain", map("type", "string")));
        cli.put("requestBody", map("required", true, "content", map("application/x-www-form-urlencoded", map("schema", map(
                "type", "object", "required", List.of("w"), "properties", map(
                        "w", map("type", "array", "items", map("type", "string"), "maxItems", CliServlet.MAX_WORDS),
                        "tty", map("type", "string", "enum", List.of("0", "1")),
                        "color", map("type", "string", "enum", List.of("0", "1")),
                        "width", map("type", "integer")))))));
        paths.put("/cli", map("post", cli));
    }

    private static Map<String, Object> get(RequestSpec spec) {
        List<Object> parameters = new ArrayList<>();
        for (Parameter parameter : spec.parameters()) {
            // The common member of that name wins in a query; the body has both.
            if (OrderOption.ofMember(parameter.name()).isEmpty()) {
                parameters.add(map("name", parameter.name(), "in", "query", "required", parameter.required(),
                        "description", parameter.help(), "schema", schema(parameter)));
            }
        }
        for (OrderOption common : OrderOption.values()) {
            if (common != OrderOption.CONFIRM) {
                parameters.add(map("$ref", "#/components/parameters/" + common.member()));
            }
        }
        return request(spec, spec.name() + "_query", parameters);
    }

    private static Map<String, Object> post(RequestSpec spec) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (Parameter parameter : spec.parameters()) {
            Map<String, Object> schema = schema(parameter);
            schema.put("description", parameter.help());
            properties.put(parameter.name(), schema);
            if (parameter.required()) {
                required.add(parameter.name());
            }
        }
        Map<String, Object> values = map("type", "object", "properties", properties, "additionalProperties", false);
        Map<String, Object> members = new LinkedHashMap<>();
        for (OrderOption common : OrderOption.values()) {
            members.put(common.member(), schema(common));
        }
        members.put("values", values);
        Map<String, Object> body = map("type", "object", "properties", members, "additionalProperties", false);
        if (!required.isEmpty()) {
            values.put("required", required);
            body.put("required", List.of("values"));
        }
        Map<String, Object> operation = request(spec, spec.name(), List.of());
        operation.put("requestBody", map("required", !required.isEmpty(), "content", content(JSON, body)));
        return operation;
    }

    private static Map<String, Object> request(RequestSpec spec, String id, List<Object> parameters) {
        Map<String, Object> rows = new LinkedHashMap<>();
        for (Column column : spec.columns()) {
            Map<String, Object> schema = schema(column.type());
            schema.put("type", List.of(schema.get("type"), "null"));
            schema.put("description", column.help() + (column.unit().isEmpty() ? "" : ", " + column.unit()));
            rows.put(column.name(), schema);
        }
        Map<String, Object> row = map("properties", map("rows",
                map("type", "array", "items", map("type", "object", "properties", rows))));
        Map<String, Object> answer = map("allOf", List.of(reference("Answer"), map("type", "object", "properties", map(
                "nodes", map("type", "array", "items", row), "groups", map("type", "array", "items", row)))));
        Map<String, Object> operation = operation(id, spec.help(), parameters, content(JSON, answer));
        operation.put("description", spec.name() + ": needs role " + spec.role().word()
                + (spec.destructive() ? "; destroys something" : spec.changes() ? "; changes something" : ""));
        operation.put("tags", List.of(spec.scope()));
        return operation;
    }

    private static Map<String, Object> operation(String id, String summary, List<?> parameters, Map<String, Object> content) {
        Map<String, Object> operation = map("operationId", id, "summary", summary);
        if (!parameters.isEmpty()) {
            operation.put("parameters", parameters);
        }
        operation.put("responses", map("200", map("description", "done; what each node said is inside", "content", content),
                "default", map("$ref", PROBLEM)));
        return operation;
    }

    private static Map<String, Object> schema(Parameter parameter) {
        Map<String, Object> schema = written(parameter.type());
        boolean written = parameter.type() == ValueType.SIZE || parameter.type() == ValueType.DURATION;
        String what = switch (parameter.type()) {
            case TEXT -> "Length";
            case TEXTS -> "Items";
            default -> "imum";
        };
        if (!written) {
            Map<String, Object> limits = parameter.limits();
            if (limits.containsKey("min")) {
                schema.put("min" + what, limits.get("min"));
            }
            if (limits.containsKey("max")) {
                schema.put("max" + what, limits.get("max"));
            }
            if (parameter.defaultValue() != null) {
                schema.put("default", parameter.defaultValue());
            }
        }
        Map<String, Object> texts = parameter.type() == ValueType.TEXTS ? map("type", "string") : schema;
        if (!parameter.allowed().isEmpty()) {
            texts.put("enum", parameter.allowed());
        }
        if (parameter.pattern() != null) {
            texts.put("pattern", "^(?:" + parameter.pattern().pattern() + ")$");
        }
        if (parameter.type() == ValueType.TEXTS) {
            schema.put("items", texts);
        }
        return schema;
    }

    /** As people write it: a size or a duration has a unit, and a bare number is refused. */
    private static Map<String, Object> written(ValueType type) {
        return switch (type) {
            case SIZE -> map("type", "string", "examples", List.of("64KiB"));
            case DURATION -> map("type", "string", "examples", List.of("30s"));
            default -> schema(type);
        };
    }

    private static Map<String, Object> schema(ValueType type) {
        return switch (type) {
            case TEXT -> map("type", "string");
            case INTEGER, DURATION, SIZE, TIME -> map("type", "integer", "format", "int64");
            case DECIMAL -> map("type", "number", "format", "double");
            case FLAG -> map("type", "boolean");
            case TEXTS -> map("type", "array", "items", map("type", "string"));
        };
    }

    private static Map<String, Object> schema(OrderOption common) {
        Map<String, Object> schema = written(common.type());
        schema.put("description", common.help());
        return schema;
    }

    private static Map<String, Object> components() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        for (OrderOption common : OrderOption.values()) {
            Map<String, Object> schema = schema(common);
            schema.remove("description");
            parameters.put(common.member(), map("name", common.member(), "in", "query", "description", common.help(), "schema",
                    schema));
        }
        Map<String, Object> text = map("type", "string");
        Map<String, Object> whole = map("type", "integer", "format", "int64");
        Map<String, Object> rows = map("type", "array", "items", map("type", "object"));
        Map<String, Object> error = map("type", "object", "properties",
                map("code", text, "message", text, "detail", text, "next", text));
        return map(
                "securitySchemes", map("token", map("type", "http", "scheme", "bearer"), "password",
                        map("type", "http", "scheme", "basic")),
                "parameters", parameters,
                "responses", map("Problem", map("description", "nothing was done, and why",
                        "content", content(Problem.TYPE, reference("Problem")))),
                "schemas", map(
                        "Answer", map("type", "object", "required",
                                List.of("job", "request", "target", "summary", "groups", "nodes"),
                                "properties", map("job", text, "request", text,
                                        "target", map("type", "object", "properties", map("requested", text, "resolved", text,
                                                "count", map("type", "integer", "maximum", NodeSet.MAX_NODES))),
                                        "summary", map("type", "object", "properties",
                                                map("ok", whole, "failed", whole, "silent", whole,
                                                "skipped", whole, "elapsedMs", whole)),
                                        "groups", map("type", "array", "items",
                                                map("type", "object", "properties", map("nodes", text,
                                                "count", whole, "rcode", whole, "sha256", text, "rows", rows, "error", error))),
                                        "nodes", map("type", "array", "items",
                                                map("type", "object", "properties", map("node", text,
                                                "state", map("type", "string", "enum",
                                                        List.of("ok", "failed", "silent", "skipped")),
                                                "rcode", whole, "elapsedMs", whole, "rows", rows, "error", error))))),
                        "Problem", map("type", "object", "required", List.of("type", "title", "status", "code"),
                                "properties", map("type", text, "title", text, "status", whole, "detail", text, "code", text,
                                        "next", text,
                                        "node", text, "requestId", text))));
    }

    private static Map<String, Object> content(String type, Map<String, Object> schema) {
        return map(type, map("schema", schema));
    }

    private static Map<String, Object> reference(String schema) {
        return map("$ref", "#/components/schemas/" + schema);
    }

    /** Names and values in turn; keeps their order and may be added to. */
    private static Map<String, Object> map(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }
}
