package org.dvs.config.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Nearest;
import org.dvs.api.security.SecretReference;
import org.dvs.api.security.Secrets;
import org.dvs.config.api.Place;
import org.dvs.config.api.Problem;
import org.dvs.config.internal.cfg.CfgFile;
import org.dvs.config.internal.cfg.Setting;
import org.dvs.config.internal.rules.Kinds;
import org.dvs.config.internal.rules.Relations;
import org.dvs.config.internal.schema.Attribute;
import org.dvs.config.internal.schema.Schema;

/**
 * Holds a file and the environment against a schema and says all that is wrong: unknown and missing keys, types, ranges,
 * options, kinds, numbers that do not fit together, secrets in clear text. Stateless but for what it was made with; thread-safe.
 */
public final class Checker {
    private static final String ENVIRONMENT = "environment";

    private final Variables variables;
    private final Interpolation interpolation;
    private final Kinds kinds;

    public Checker(Variables variables, Interpolation interpolation, Kinds kinds) {
        this.variables = variables;
        this.interpolation = interpolation;
        this.kinds = kinds;
    }

    /** @param file empty where only the environment sets something */
    public Checked check(Schema schema, Optional<CfgFile> file) {
        Map<String, Object> values = new LinkedHashMap<>();
        Map<String, String> origins = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>(file.map(CfgFile::problems).orElse(List.of()));
        String name = file.map(CfgFile::name).orElse(ENVIRONMENT);
        for (Setting setting : file.map(CfgFile::settings).orElse(List.of())) {
            Optional<Attribute> attribute = schema.attribute(setting.key());
            if (attribute.isEmpty()) {
                problems.add(new Problem(name, setting.keyPlace(), ErrorCode.BADKEY,
                        "'" + setting.key() + "' is not a key of " + schema.pid() + Nearest.hint(setting.key(), schema.keys())));
            } else {
                take(attribute.get(), setting, values, name, problems);
                origins.put(setting.key(), name + ":" + setting.keyPlace().line());
            }
        }
        for (Attribute attribute : schema.attributes()) {
            variables.value(schema, attribute.id()).ifPresent(text -> {
                String variable = Variables.name(schema.pid(), attribute.id());
                take(attribute, text, values, ENVIRONMENT + " " + variable, problems);
                origins.put(attribute.id(), "env " + variable);
            });
            if (attribute.required() && attribute.defaultValue().isEmpty() && !origins.containsKey(attribute.id())) {
                problems.add(new Problem(name, file.isPresent() ? Place.START : Place.NONE, ErrorCode.MISSINGKEY,
                        "'" + attribute.id() + "' of " + schema.pid() + " has no default and must be set"));
            }
        }
        List<String> bad = origins.keySet().stream().filter(key -> !values.containsKey(key)).toList();
        for (Relations.Misfit misfit : Relations.check(schema, values, bad)) {
            problems.add(misfit(schema, file, misfit));
        }
        return new Checked(values, origins, problems);
    }

    /** Where the value that counts stands: in the environment, else in the file. */
    private Problem misfit(Schema schema, Optional<CfgFile> file, Relations.Misfit misfit) {
        Optional<Setting> setting = variables.value(schema, misfit.key()).isPresent() ? Optional.empty()
                : file.stream().flatMap(each -> each.settings().stream()).filter(each -> each.key().equals(misfit.key()))
                .findFirst();
        return setting.map(each -> new Problem(file.orElseThrow().name(), each.valuePlace(), ErrorCode.BADSETTING, misfit.text()))
                .orElseGet(() -> new Problem(ENVIRONMENT + " " + Variables.name(schema.pid(), misfit.key()), Place.NONE,
                        ErrorCode.BADSETTING, misfit.text()));
    }

    /**
     * What is wrong with the secrets that a file and the environment refer to, which {@link #check} does not look at: they may
     * come later than the file, and a node need not read them before they are used.
     *
     * @param secrets of the node that the file is meant for
     */
    public List<Problem> unreadable(Schema schema, Optional<CfgFile> file, Secrets secrets) {
        List<Problem> problems = new ArrayList<>();
        for (Setting setting : file.map(CfgFile::settings).orElse(List.of())) {
            schema.attribute(setting.key()).filter(Attribute::secret).ifPresent(attribute -> setting.items().forEach(item ->
                    attempt(attribute, file.orElseThrow().name(), item.place(), problems, () -> tryToRead(item.text(), secrets))));
        }
        for (Attribute attribute : schema.attributes()) {
            variables.value(schema, attribute.id()).filter(text -> attribute.secret()).ifPresent(text ->
                    attempt(attribute, ENVIRONMENT + " " + Variables.name(schema.pid(), attribute.id()), Place.NONE, problems,
                            () -> tryToRead(text, secrets)));
        }
        return problems;
    }

    private static void tryToRead(String text, Secrets secrets) throws DvsException {
        // What is no reference is a problem of its own.
        if (SecretReference.parse(text).isPresent()) {
            Arrays.fill(secrets.read(text), '\0');
        }
    }

    private void take(Attribute attribute, Setting setting, Map<String, Object> values, String file, List<Problem> problems) {
        List<Object> each = new ArrayList<>();
        int before = problems.size();
        for (Setting.Item item : setting.items()) {
            attempt(attribute, file, item.place(), problems, () -> {
                // A secret must be a reference as it stands.
                String text = attribute.secret() ? item.text() : interpolation.apply(item.text());
                Object value = setting.form() == Setting.Form.TEXT ? attribute.convert(text) : attribute.one(text);
                kinds.check(attribute, value);
                each.add(value);
            });
        }
        if (problems.size() == before) {
            attempt(attribute, file, setting.valuePlace(), problems, () -> {
                Object value = whole(attribute, setting, each);
                if (setting.form() == Setting.Form.LIST) {
                    kinds.check(attribute, value);
                }
                values.put(attribute.id(), value);
            });
        }
    }

    private static Object whole(Attribute attribute, Setting setting, List<Object> each) throws DvsException {
        if (setting.form() == Setting.Form.TEXT) {
            return each.get(0);
        }
        if (attribute.cardinality() != 0) {
            return attribute.gather(each);
        }
        if (setting.form() == Setting.Form.LIST) {
            throw new DvsException(ErrorCode.BADSETTING, "it takes one value, not a list");
        }
        return each.get(0);
    }

    private void take(Attribute attribute, String text, Map<String, Object> values, String variable, List<Problem> problems) {
        attempt(attribute, variable, Place.NONE, problems, () -> {
            Object value = attribute.convert(text);
            kinds.check(attribute, value);
            values.put(attribute.id(), value);
        });
    }

    @FunctionalInterface
    private interface Attempt {
        void run() throws DvsException;
    }

    private static void attempt(Attribute attribute, String file, Place place, List<Problem> problems, Attempt attempt) {
        try {
            attempt.run();
        } catch (DvsException e) {
            String detail = e.getMessage();
            String named = detail.startsWith(attribute.id() + ":") ? detail : attribute.id() + ": " + detail;
            problems.add(new Problem(file, place, e.code(), named));
        }
    }
}
