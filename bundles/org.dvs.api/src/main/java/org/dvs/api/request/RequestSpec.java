package org.dvs.api.request;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;

/**
 * A request's description of itself. From it come, without another line of code: validation, the shell command with help
 * and completion, the {@code dvs} command line, the REST resource with its OpenAPI document, and the MONITOR's form.
 *
 * <p>Source: design 4. Build one with {@link #named}.
 *
 * @param name       {@code RQST_...}, as in seed 000
 * @param aliases    other names taken for it, e.g. {@code RQST_GETDVSINFO}
 * @param command    words of the command line: scope, then noun and verb, e.g. {@code host df}, {@code lb server drain}
 * @param help       one line
 * @param parameters in the order of the help; operands in the order of the command line
 * @param columns    of the rows; empty if the request has none
 * @param manyRows   true if a node may answer with more than one row
 * @param changes    true if it changes anything: it needs a majority, and is written down before it is done
 * @param inTurn     true if it runs when all such before it, in the agreed order, have run on that node; as all that change
 *                   something do, unless they are {@link Builder#besideOthers}
 * @param destructive true if it destroys something and asks for confirmation
 * @param role       needed to run it
 * @param streams    true if its rows tell of one moment after the other: has the parameters {@code interval} and {@code count}
 * @param oneOf      parameters of which exactly one is given; empty if there are none such
 * @param result     what a result code above 0 is, e.g. {@code the node's id}; empty if there is none
 */
public record RequestSpec(String name, List<String> aliases, List<String> command, String help, List<Parameter> parameters,
                          List<Column> columns, boolean manyRows, boolean changes, boolean inTurn, boolean destructive, Role role,
                          boolean streams, List<String> oneOf, String result) {

    public RequestSpec {
        Objects.requireNonNull(help, "help");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(result, "result");
        oneOf = List.copyOf(oneOf);
        aliases = List.copyOf(aliases);
        command = List.copyOf(command);
        parameters = List.copyOf(parameters);
        columns = List.copyOf(columns);
        List<String> names = parameters.stream().map(Parameter::name).toList();
        if (!names.containsAll(oneOf)) {
            throw new IllegalArgumentException(name + " has not all of " + oneOf);
        }
        if (streams && !(manyRows && names.contains("interval") && names.contains("count"))) {
            throw new IllegalArgumentException(name + " streams rows without interval and count");
        }
        Stream.concat(Stream.of(name), aliases.stream()).filter(each -> !each.matches("RQST_[A-Z0-9]+")).findFirst()
                .ifPresent(bad -> {
                    throw new IllegalArgumentException("request name " + bad);
                });
        if (command.size() < 2 || !command.stream().allMatch(word -> word.matches("[a-z][a-z0-9]*"))) {
            throw new IllegalArgumentException("command of " + name + ": scope and verb, lower case: " + command);
        }
    }

    /** Starts a description: a request that reads, gives one row and needs a viewer, until said otherwise. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** The shell's scope: the first word of the command. */
    public String scope() {
        return command.get(0);
    }

    /** The shell's command name: the other words joined by {@code -}. */
    public String verb() {
        return String.join("-", command.subList(1, command.size()));
    }

    public Optional<Parameter> parameter(String parameterName) {
        return parameters.stream().filter(parameter -> parameter.name().equals(parameterName)).findFirst();
    }

    /**
     * Checks values and fills in defaults.
     *
     * @return name to value, in the order of {@link #parameters}; absent optional parameters have no entry
     * @throws DvsException {@link ErrorCode#INVAL} for an unknown or missing parameter, or two that exclude each other, else as
     *                      {@link Parameter#check}
     */
    public Map<String, Object> complete(Map<String, Object> values) throws DvsException {
        for (String given : values.keySet()) {
            if (parameter(given).isEmpty()) {
                throw new DvsException(ErrorCode.INVAL, name + " has no parameter '" + given + "'");
            }
        }
        Map<String, Object> complete = new LinkedHashMap<>();
        for (Parameter parameter : parameters) {
            Object value = values.get(parameter.name());
            if (value != null) {
                complete.put(parameter.name(), parameter.check(value));
            } else if (parameter.required()) {
                throw new DvsException(ErrorCode.INVAL, name + " needs " + parameter.name() + ": " + parameter.help());
            } else if (parameter.defaultValue() != null) {
                complete.put(parameter.name(), parameter.defaultValue());
            }
        }
        List<String> given = oneOf.stream().filter(complete::containsKey).toList();
        if (!oneOf.isEmpty() && given.size() != 1) {
            throw new DvsException(ErrorCode.INVAL, given.isEmpty() ? name + " needs " + String.join(" or ", oneOf)
                    : name + " takes only one of " + String.join(", ", given));
        }
        return complete;
    }

    /** Collects a description; each method gives the builder back. */
    public static final class Builder {
        private final String name;
        private final List<String> aliases = new ArrayList<>();
        private List<String> command = List.of();
        private String help = "";
        private final List<Parameter> parameters = new ArrayList<>();
        private final List<Column> columns = new ArrayList<>();
        private boolean manyRows;
        private boolean changes;
        private boolean inTurn;
        private boolean destructive;
        private Role role = Role.VIEWER;
        private boolean streams;
        private List<String> oneOf = List.of();
        private String result = "";

        private Builder(String name) {
            this.name = name;
        }

        public Builder alias(String other) {
            aliases.add(other);
            return this;
        }

        /** @param words separated by a space: {@code "host df"} */
        public Builder command(String words) {
            command = List.of(words.split(" "));
            return this;
        }

        public Builder help(String line) {
            help = line;
            return this;
        }

        public Builder parameter(Parameter parameter) {
            parameters.add(parameter);
            return this;
        }

        public Builder column(Column column) {
            columns.add(column);
            return this;
        }

        public Builder column(String columnName, ValueType type, String columnHelp) {
            return column(Column.of(columnName, type, columnHelp));
        }

        /** Of these parameters exactly one is given. */
        public Builder oneOf(String... names) {
            oneOf = List.of(names);
            return this;
        }

        /** @param what a result code above 0 is: {@code the node's id} */
        public Builder result(String what) {
            result = what;
            return this;
        }

        public Builder manyRows() {
            manyRows = true;
            return this;
        }

        /**
         * Its rows come one after the other while it runs: whoever watches sees them as they come. It has a parameter
         * {@code interval} (DURATION) and a parameter {@code count} (INTEGER).
         */
        public Builder streams() {
            streams = true;
            return manyRows();
        }

        /** It changes state; the role becomes operator unless set otherwise afterwards. */
        public Builder changes() {
            changes = true;
            inTurn = true;
            role = Role.OPERATOR;
            return this;
        }

        /** It takes long and what it changes is its own: others that change something do not wait for it, nor it for them. */
        public Builder besideOthers() {
            inTurn = false;
            return this;
        }

        /** It changes state and destroys something. */
        public Builder destroys() {
            destructive = true;
            return changes();
        }

        public Builder role(Role needed) {
            role = needed;
            return this;
        }

        public RequestSpec build() {
            return new RequestSpec(name, aliases, command, help, parameters, columns, manyRows, changes, inTurn, destructive,
                    role, streams, oneOf, result);
        }
    }
}
