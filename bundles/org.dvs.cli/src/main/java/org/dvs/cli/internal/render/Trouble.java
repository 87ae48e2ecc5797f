package org.dvs.cli.internal.render;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.NodeSet;
import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.NodeAnswer;
import org.dvs.api.dispatch.NodeState;

/** Tells people what did not go well: code, cause, value at fault, next step. Source: conventions 3. */
public final class Trouble {
    private final Paint paint;
    private final Consumer<String> err;

    /** @param err takes lines for standard error */
    public Trouble(Paint paint, Consumer<String> err) {
        this.paint = paint;
        this.err = err;
    }

    /** One sentence and the next step. */
    public void error(DvsException e) {
        ErrorCode code = e.code();
        err.accept(paint.error(code.code()) + ' ' + sentence(code, e.getMessage()));
        err.accept("  Next: " + code.nextStep());
    }

    private static String sentence(ErrorCode code, String detail) {
        if (detail.isEmpty()) {
            return code.sentence();
        }
        return code.sentence().substring(0, code.sentence().length() - 1) + ": " + Plain.text(detail);
    }

    private record Kind(NodeState state, int rcode, String detail) {
    }

    /** Every node that is not ok, those with the same error together. */
    public void nodes(Answer answer) {
        Map<Kind, List<String>> kinds = new LinkedHashMap<>();
        for (NodeAnswer node : answer.nodes()) {
            if (node.state() != NodeState.OK) {
                kinds.computeIfAbsent(new Kind(node.state(), node.rcode(), node.detail()), kind -> new ArrayList<>())
                        .add(node.node());
            }
        }
        kinds.forEach(this::kind);
    }

    private void kind(Kind kind, List<String> nodes) {
        Optional<ErrorCode> code = ErrorCode.ofRcode(kind.rcode());
        String who = Plain.text(NodeSet.fold(nodes)) + (nodes.size() == 1 ? "" : " (" + nodes.size() + ")");
        String what = code.map(known -> known.code() + ' ' + sentence(known, kind.detail()))
                .orElseGet(() -> "rcode " + kind.rcode() + (kind.detail().isEmpty() ? "" : ": " + Plain.text(kind.detail())));
        err.accept(who + ' ' + paint.state(kind.state(), kind.state().word()) + ": " + what);
        code.ifPresent(known -> err.accept("  Next: " + known.nextStep()));
    }

    /** {@code 2 ok, 1 silent of 3 nodes, job node0-1-17}; silent itself when all is well and nobody wants to know. */
    public void summary(Answer answer, boolean verbose) {
        boolean well = answer.count(NodeState.OK) == answer.targets().size();
        if (well && !verbose) {
            return;
        }
        StringBuilder line = new StringBuilder();
        for (NodeState state : NodeState.values()) {
            long count = answer.count(state);
            if (count > 0 || state == NodeState.OK) {
                line.append(line.isEmpty() ? "" : ", ").append(count).append(' ').append(paint.state(state, state.word()));
            }
        }
        int targets = answer.targets().size();
        line.append(" of ").append(targets).append(targets == 1 ? " node" : " nodes").append(", job ")
                .append(Plain.text(answer.job()));
        if (verbose) {
            line.append(", ").append(answer.elapsedMs()).append(" ms");
        }
        err.accept(line.toString());
    }
}
