package org.dvs.monitor.internal.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import org.dvs.api.Caller;
import org.dvs.api.ErrorCode;
import org.dvs.api.NodeSet;
import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.Group;
import org.dvs.api.dispatch.Job;
import org.dvs.api.dispatch.NodeAnswer;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.dispatch.OrderOption;
import org.dvs.api.dispatch.Plan;
import org.dvs.api.request.Arguments;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestSpec;
import org.dvs.cluster.api.Cluster;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.Standing;
import org.dvs.cluster.api.View;

/** What the pages are told, as trees for {@link Json}. */
public final class Trees {
    private Trees() {
    }

    /**
     * A request's self-description, from which the page makes its form.
     *
     * @param flag how a parameter is written on a command line
     */
    public static Map<String, Object> request(RequestSpec spec, Caller caller, Function<Parameter, String> flag) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", spec.name());
        tree.put("command", spec.command());
        tree.put("help", spec.help());
        tree.put("role", spec.role().word());
        tree.put("allowed", caller.may(spec.role()));
        tree.put("changes", spec.changes());
        tree.put("destructive", spec.destructive());
        tree.put("parameters", spec.parameters().stream().map(parameter -> parameter(parameter, flag)).toList());
        tree.put("columns", columns(spec));
        return tree;
    }

    private static Map<String, Object> parameter(Parameter parameter, Function<Parameter, String> flag) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", parameter.name());
        tree.put("flag", flag.apply(parameter));
        tree.put("type", parameter.type().name().toLowerCase(Locale.ROOT));
        tree.put("help", parameter.help());
        tree.put("required", parameter.required());
        tree.put("default", parameter.defaultValue());
        tree.putAll(parameter.limits());
        tree.put("allowed", parameter.allowed());
        tree.put("pattern", parameter.pattern() == null ? null : parameter.pattern().pattern());
        tree.put("operand", parameter.operand());
        return tree;
    }

    public static List<Map<String, Object>> columns(RequestSpec spec) {
        return spec.columns().stream().map(Trees::column).toList();
    }

    private static Map<String, Object> column(Column column) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", column.name());
        tree.put("type", column.type().name().toLowerCase(Locale.ROOT));
        tree.put("unit", column.unit());
        tree.put("help", column.help());
        tree.put("wide", column.wide());
        return tree;
    }

    /** What can be said with every request. */
    public static Map<String, Object> option(OrderOption option) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("word", option.word());
        tree.put("placeholder", option.placeholder());
        tree.put("type", option.type().name().toLowerCase(Locale.ROOT));
        tree.put("help", option.help());
        return tree;
    }

    public static Map<String, Object> plan(Plan plan) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("request", plan.spec().name());
        tree.put("nodes", plan.targets());
        tree.put("folded", NodeSet.fold(plan.targets()));
        tree.put("values", values(plan));
        tree.put("role", plan.spec().role().word());
        tree.put("changes", plan.spec().changes());
        tree.put("destructive", plan.spec().destructive());
        return tree;
    }

    /** What is never written down is not shown either: others may look at a job than who sent it. */
    private static Map<String, Object> values(Plan plan) {
        Map<String, Object> values = new TreeMap<>(plan.values());
        plan.spec().parameters().stream().filter(Parameter::secret).map(Parameter::name)
                .forEach(name -> values.computeIfPresent(name, (key, value) -> Arguments.MASK));
        return values;
    }

    /** A line of the list of jobs. */
    public static Map<String, Object> job(Job job) {
        Plan plan = job.plan();
        Answer answer = job.soFar();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("job", job.id());
        tree.put("user", job.caller().user());
        tree.put("request", plan.spec().name());
        tree.put("command", String.join(" ", plan.spec().command()));
        tree.put("changes", plan.spec().changes());
        tree.put("nodes", answer.foldedTargets());
        tree.put("count", answer.targets().size());
        tree.put("complete", answer.complete());
        tree.put("cancelled", answer.nodes().stream().anyMatch(node -> node.rcode() == ErrorCode.INTR.rcode()));
        for (NodeState state : NodeState.values()) {
            tree.put(state.word(), answer.count(state));
        }
        tree.put("elapsedMs", answer.elapsedMs());
        tree.put("started", System.currentTimeMillis() - job.age().toMillis());
        return tree;
    }

    /** Its line, and how far each node is. */
    public static Map<String, Object> progress(Job job) {
        Map<String, Object> tree = job(job);
        Map<String, Object> nodes = new LinkedHashMap<>();
        Answer answer = job.soFar();
        answer.targets().forEach(node -> nodes.put(node, "out"));
        answer.nodes().forEach(node -> nodes.put(node.node(), node.state().word()));
        tree.put("states", nodes);
        return tree;
    }

    /** @param groups of the answer; none while it is not complete */
    public static Map<String, Object> detail(Job job, List<Group> groups) {
        Map<String, Object> tree = progress(job);
        tree.put("columns", columns(job.plan().spec()));
        tree.put("values", values(job.plan()));
        tree.put("groups", groups.stream().map(Trees::group).toList());
        tree.put("answers", job.soFar().nodes().stream().map(Trees::node).toList());
        return tree;
    }

    private static Map<String, Object> node(NodeAnswer answer) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("node", answer.node());
        tree.put("state", answer.state().word());
        tree.put("elapsedMs", answer.elapsedMs());
        tree.put("rows", answer.rows().size());
        tree.put("error", error(answer.rcode(), answer.detail()));
        return tree;
    }

    private static Map<String, Object> group(Group group) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("nodes", NodeSet.fold(group.nodes()));
        tree.put("count", group.nodes().size());
        tree.put("state", group.state().word());
        tree.put("rows", group.rows().size());
        tree.put("error", error(group.rcode(), group.detail()));
        return tree;
    }

    /** Code, cause and next step; nothing for a success. */
    private static Map<String, Object> error(int rcode, String detail) {
        if (rcode >= 0) {
            return null;
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        ErrorCode code = ErrorCode.ofRcode(rcode).orElse(ErrorCode.GENERIC);
        tree.put("code", code.code());
        tree.put("title", code.sentence());
        tree.put("detail", detail);
        tree.put("next", code.nextStep());
        return tree;
    }

    /** The cluster as this node sees it. */
    public static Map<String, Object> cluster(Cluster cluster) {
        View view = cluster.view();
        List<Standing> nodes = cluster.nodes();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("local", cluster.local().name());
        tree.put("view", view.id());
        tree.put("primary", view.primary());
        tree.put("coordinator", view.member(view.coordinator()).map(Member::name).orElse(null));
        tree.put("leader", nodes.stream().filter(Standing::leader).map(each -> each.member().name()).findFirst().orElse(null));
        tree.put("nodes", nodes.stream().map(Trees::standing).toList());
        return tree;
    }

    private static Map<String, Object> standing(Standing standing) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("node", standing.member().name());
        tree.put("id", standing.member().id());
        tree.put("present", standing.present());
        tree.put("role", standing.role().name().toLowerCase(Locale.ROOT));
        tree.put("leader", standing.leader());
        tree.put("address", standing.address());
        return tree;
    }
}
