package org.dvs.cli.internal.render;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.dvs.api.NodeSet;
import org.dvs.api.Units;
import org.dvs.api.dispatch.Plan;
import org.dvs.api.request.Arguments;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.ValueType;
import org.dvs.cli.internal.words.Format;
import org.dvs.cli.internal.words.Options;

/** Shows what a command would send. */
public final class PlanRenderer {
    private static final List<Column> COLUMNS =
            List.of(Column.of("what", ValueType.TEXT, ""), Column.of("value", ValueType.TEXT, ""));

    private PlanRenderer() {
    }

    public static void render(Plan plan, Options options, Consumer<String> out) {
        if (options.view().isTable()) {
            new Table(COLUMNS, false, 0, Paint.NONE).print(rows(plan, options), out);
            out.accept("Nothing was sent.");
        } else if (options.view().format() == Format.CSV) {
            if (options.view().headers()) {
                out.accept(CsvRenderer.line(COLUMNS.stream().<Object>map(Column::name).toList()));
            }
            rows(plan, options).forEach(row -> out.accept(CsvRenderer.line(row)));
        } else {
            DocumentRenderer.document(options.view(), content(plan, options), out);
        }
    }

    private static List<List<Object>> rows(Plan plan, Options options) {
        List<List<Object>> rows = new ArrayList<>();
        rows.add(List.of("request", plan.spec().name() + " (" + String.join(" ", plan.spec().command()) + ")"));
        rows.add(List.of("nodes", NodeSet.fold(plan.targets()) + " (" + plan.targets().size() + ")"));
        for (Parameter parameter : plan.spec().parameters()) {
            Object value = plan.values().get(parameter.name());
            if (value != null) {
                rows.add(List.of("value " + parameter.name(), parameter.secret() ? Arguments.MASK
                        : value instanceof List<?> ? value.toString() : Cells.human(parameter.type(), value)));
            }
        }
        rows.add(List.of("role", plan.spec().role().word()));
        rows.add(List.of("changes", plan.spec().destructive() ? "destroys; asks for confirmation"
                : plan.spec().inTurn() ? "yes, in the agreed order" : plan.spec().changes() ? "yes, beside others" : "nothing"));
        rows.add(List.of("timeout", Units.durationText(options.timeout().toMillis())));
        rows.add(List.of("pace", "fanout " + options.pace().fanout()
                + (options.pace().batch().isEmpty() ? "" : ", batch " + options.pace().batch())
                + (options.pace().maxFail().isEmpty() ? "" : ", max-fail " + options.pace().maxFail())));
        return rows;
    }

    private static Map<String, Object> content(Plan plan, Options options) {
        Map<String, Object> target = new LinkedHashMap<>();
        target.put("requested", plan.requested());
        target.put("resolved", NodeSet.fold(plan.targets()));
        target.put("count", plan.targets().size());
        Map<String, Object> pace = new LinkedHashMap<>();
        pace.put("fanout", options.pace().fanout());
        pace.put("batch", options.pace().batch());
        pace.put("maxFail", options.pace().maxFail());
        Map<String, Object> values = new LinkedHashMap<>();
        for (Parameter parameter : plan.spec().parameters()) {
            if (plan.values().containsKey(parameter.name())) {
                // A job that is to run again may be somebody else's.
                values.put(parameter.name(), parameter.secret() ? Arguments.MASK : plan.values().get(parameter.name()));
            }
        }
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("dryRun", true);
        content.put("request", plan.spec().name());
        content.put("command", String.join(" ", plan.spec().command()));
        content.put("target", target);
        content.put("values", values);
        content.put("role", plan.spec().role().word());
        content.put("changes", plan.spec().changes());
        content.put("destructive", plan.spec().destructive());
        content.put("timeoutMs", options.timeout().toMillis());
        content.put("pace", pace);
        return content;
    }
}
