package org.dvs.config.internal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.api.security.Secrets;
import org.dvs.config.api.Problem;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** {@code config check}: what is wrong with the node's own files at this moment. Any problem makes it fail, after all rows. */
@Component
public final class CheckHandler implements RequestHandler {
    private final Engine engine;
    /** Absent while the node's keys are not in order. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
    private volatile Secrets secrets;

    @Activate
    public CheckHandler(@Reference EngineService service) {
        this(service.engine(), null);
    }

    CheckHandler(Engine engine, Secrets secrets) {
        this.engine = engine;
        this.secrets = secrets;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_CONFIGCHECK").command("config check")
                .help("Checks this node's configuration files and shows every problem; no rows mean that all is well")
                .column("file", ValueType.TEXT, "name")
                .column("line", ValueType.INTEGER, "of the problem")
                .column("column", ValueType.INTEGER, "in characters, from 1")
                .column("code", ValueType.TEXT, "error code")
                .column("text", ValueType.TEXT, "what is wrong").manyRows().build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        List<Problem> problems;
        try {
            problems = engine.check(Optional.ofNullable(secrets));
        } catch (IOException e) {
            throw new DvsException(ErrorCode.IO, "the configuration folder cannot be read: " + e.getMessage(), e);
        }
        for (Problem problem : problems) {
            rows.row(problem.file(), (long) problem.place().line(), (long) problem.place().column(), problem.code().code(),
                    problem.text());
        }
        if (!problems.isEmpty()) {
            Problem first = problems.get(0);
            throw new DvsException(first.code(), problems.size() + " problem(s); the first is " + first);
        }
        return 0;
    }
}
