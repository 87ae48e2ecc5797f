package org.dvs.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Dashboard and rules name metrics that there are. Names finish the sentence "what is shipped for Prometheus and Grafana …". */
class MonitoringTest {
    private static final Path FOLDER = Path.of("src/main/resources/monitoring");
    private static final Path METRICS = Path.of("../docs/metrics.md");
    private static final Pattern METRIC = Pattern.compile("\\bdvs_[a-z0-9_]+");
    private static final Pattern PART = Pattern.compile("_(bucket|sum|count)$");

    /** JSON is YAML too. */
    @SuppressWarnings("unchecked")
    private static Map<String, Object> read(String file) throws IOException {
        return (Map<String, Object>) new Yaml(new SafeConstructor(new LoaderOptions()))
                .load(Files.readString(FOLDER.resolve(file)));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Map<String, Object> map, String key) {
        return (List<Map<String, Object>>) map.get(key);
    }

    private static List<Map<String, Object>> rules() throws IOException {
        List<Map<String, Object>> rules = new ArrayList<>();
        list(read("alerts.yml"), "groups").forEach(group -> rules.addAll(list(group, "rules")));
        return rules;
    }

    private static void assertKnown(List<String> expressions) throws IOException {
        Set<String> known = new HashSet<>();
        Files.readAllLines(METRICS).stream().filter(line -> line.startsWith("| `dvs_"))
                .forEach(line -> known.add(line.split("`")[1]));
        Set<String> unknown = new TreeSet<>();
        for (String expression : expressions) {
            METRIC.matcher(expression).results().map(MatchResult::group).map(name -> PART.matcher(name).replaceFirst(""))
                    .filter(name -> !known.contains(name)).forEach(unknown::add);
        }
        assertTrue(known.size() > 50, known::toString);
        assertEquals(Set.of(), unknown, "in no row of " + METRICS);
    }

    @Test
    void alertsOnMetricsThatThereAre() throws IOException {
        assertKnown(rules().stream().map(rule -> (String) rule.get("expr")).toList());
    }

    @Test
    @SuppressWarnings("unchecked")
    void saysForEachAlertHowUrgentItIsAndWhatToDo() throws IOException {
        Set<String> names = new HashSet<>();
        for (Map<String, Object> rule : rules()) {
            String name = (String) rule.get("alert");
            assertTrue(names.add(name), "twice: " + name);
            Map<String, String> notes = (Map<String, String>) rule.get("annotations");
            assertEquals(Set.of("summary", "next"), notes.keySet(), name);
            assertTrue(Set.of("page", "ticket").contains(((Map<String, String>) rule.get("labels")).get("severity")), name);
        }
        assertFalse(names.isEmpty());
    }

    @Test
    void showsMetricsThatThereAre() throws IOException {
        List<String> expressions = new ArrayList<>();
        Set<Object> ids = new HashSet<>();
        for (Map<String, Object> panel : list(read("grafana-dashboard.json"), "panels")) {
            assertTrue(ids.add(panel.get("id")), panel.toString());
            list(panel, "targets").forEach(target -> expressions.add((String) target.get("expr")));
        }
        assertTrue(expressions.size() > 15, expressions::toString);
        assertKnown(expressions);
    }

    /** Source: the schema that Grafana publishes (dashboard_kind.cue; VizLegendOptions and SingleStatBaseOptions of common). */
    @Test
    @SuppressWarnings("unchecked")
    void hasWhatGrafanasSchemaDemandsOfEachPanelAndNoPanelOverAnother() throws IOException {
        Set<List<Integer>> taken = new HashSet<>();
        for (Map<String, Object> panel : list(read("grafana-dashboard.json"), "panels")) {
            String title = (String) panel.get("title");
            Map<String, Integer> place = (Map<String, Integer>) panel.get("gridPos");
            assertTrue(place.get("x") + place.get("w") <= 24 && place.get("h") > 0, title);
            for (int x = place.get("x"); x < place.get("x") + place.get("w"); x++) {
                for (int y = place.get("y"); y < place.get("y") + place.get("h"); y++) {
                    assertTrue(taken.add(List.of(x, y)), title + " lies over another panel at " + x + "," + y);
                }
            }
            assertEquals(Map.of("type", "prometheus", "uid", "${datasource}"), panel.get("datasource"), title);
            Map<String, Object> options = (Map<String, Object>) panel.get("options");
            if (panel.get("type").equals("timeseries")) {
                assertEquals(Set.of("showLegend", "displayMode", "placement", "calcs"),
                        ((Map<String, Object>) options.get("legend")).keySet(), title);
                assertEquals(Set.of("mode", "sort"), ((Map<String, Object>) options.get("tooltip")).keySet(), title);
            } else {
                assertEquals("stat", panel.get("type"), title);
                assertEquals(Set.of("reduceOptions", "orientation", "textMode", "justifyMode", "colorMode", "graphMode"),
                        options.keySet(), title);
            }
            List<Object> legends = list(panel, "targets").stream().map(target -> target.get("legendFormat")).toList();
            assertEquals(new HashSet<>(legends).size(), legends.size(), title + ": which line is which");
        }
    }

    @Test
    void readsTheNodesAsTheJobThatTheRulesMean() throws IOException {
        assertEquals("dvs", list(read("prometheus.yml"), "scrape_configs").get(0).get("job_name"));
    }
}
