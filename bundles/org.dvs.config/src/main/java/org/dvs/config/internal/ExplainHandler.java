package org.dvs.config.internal;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

import org.dvs.api.DvsException;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.config.internal.schema.Schema;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code config explain}: which of environment, file and default each value comes from. Source: conventions 4. */
@Component
public final class ExplainHandler implements RequestHandler {
    private final Engine engine;

    @Activate
    public ExplainHandler(@Reference EngineService service) {
        this(service.engine());
    }

    ExplainHandler(Engine engine) {
        this.engine = engine;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_CONFIGEXPLAIN").command("config explain")
                .help("Shows settings, the values that run, and where each comes from")
                .parameter(Parameter.of("pid", ValueType.TEXT, "configuration, e.g. org.dvs.cluster; all if absent")
                        .matching("[A-Za-z0-9_.~-]{1,200}").asOperand())
                .parameter(Parameter.of("key", ValueType.TEXT, "one key; all if absent").matching("[A-Za-z0-9_.-]{1,200}")
                        .asOperand())
                .column("pid", ValueType.TEXT, "configuration")
                .column("key", ValueType.TEXT, "setting")
                .column("value", ValueType.TEXT, "what runs; a secret shows as its reference")
                .column("origin", ValueType.TEXT, "env NAME, file:line, default, or unset")
                .column(Column.of("type", ValueType.TEXT, "of the value").onlyWide())
                .column(Column.of("default", ValueType.TEXT, "where nobody sets it").onlyWide())
                .column(Column.of("min", ValueType.TEXT, "least number, or length of a text").onlyWide())
                .column(Column.of("max", ValueType.TEXT, "greatest").onlyWide())
                .column("help", ValueType.TEXT, "what it does").manyRows().build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        for (Explanation row : Explanation.of(engine, request.optionalText("pid"), request.optionalText("key"))) {
            rows.row(row.pid(), row.key(), row.value(), row.origin(), row.type(), row.defaultValue(),
                    limit(row.attribute().min()), limit(row.attribute().max()), row.help());
        }
        return 0;
    }

    private static String limit(Optional<BigDecimal> limit) {
        return limit.map(BigDecimal::toPlainString).orElse(null);
    }

    @Override
    public List<String> suggest(Parameter parameter, String typed) {
        TreeSet<String> words = new TreeSet<>();
        for (Schema schema : engine.schemas().all()) {
            if (parameter.name().equals("pid")) {
                words.add(schema.pid());
            } else {
                words.addAll(schema.keys());
            }
        }
        return List.copyOf(words);
    }
}
