package org.dvs.cli.internal.words;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.NodeSet;
import org.dvs.api.Units;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.Pace;
import org.dvs.api.dispatch.Selection;

/**
 * The common flags of one command line, read and checked.
 *
 * @param retry     job to run again; empty for none
 * @param color     said by {@code --color}; empty to follow the face
 * @param watch     interval, zero for the usual one; empty to run once
 * @param requestId empty to have one made
 */
public record Options(Selection selection, boolean selects, Duration timeout, Pace pace, boolean dryRun, boolean yes,
                      Optional<String> retry, View view, Optional<Duration> watch, boolean quiet, boolean verbose,
                      Optional<Boolean> color, String requestId, boolean help) {
    private static final Duration LEAST_WATCH = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}");
    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,6})(%?)");

    /** @param given what stood on the command line, for each flag in the order typed; a switch has an empty text */
    static Options of(Map<CommonFlag, List<String>> given) throws DvsException {
        Read read = new Read(given);
        if (read.all(CommonFlag.NODES).stream().anyMatch(String::isBlank)) {
            // A variable without a value, most likely. Whoever names a set does not mean this node.
            throw new DvsException(ErrorCode.NONODES, "the node set is empty");
        }
        Selection selection = new Selection(read.joined(CommonFlag.NODES), read.joined(CommonFlag.EXCLUDE),
                read.items(CommonFlag.GROUP), read.has(CommonFlag.ALL), read.number(CommonFlag.PICK, 1, 0));
        boolean selects = !selection.equals(Selection.LOCAL);
        Pace pace = new Pace(read.number(CommonFlag.FANOUT, 1, Pace.DEFAULT.fanout()), read.amount(CommonFlag.BATCH, 1),
                read.amount(CommonFlag.MAX_FAIL, 0));
        read.duration(CommonFlag.CONNECT_TIMEOUT, Duration.ZERO);
        read.id(CommonFlag.CONTEXT);
        Optional<String> retry = read.one(CommonFlag.RETRY);
        if (retry.isPresent() && selects) {
            throw Usage.error("--retry chooses the nodes itself: leave out --nodes, --exclude, --group, --all and --pick");
        }
        if (read.has(CommonFlag.FOLD) && read.has(CommonFlag.NO_FOLD)) {
            throw Usage.error("--fold and --no-fold exclude each other");
        }
        return new Options(selection, selects, read.duration(CommonFlag.TIMEOUT, Order.DEFAULT_TIMEOUT), pace,
                read.has(CommonFlag.DRY_RUN), read.has(CommonFlag.YES), retry, view(read), watch(read),
                read.has(CommonFlag.QUIET), read.has(CommonFlag.VERBOSE), color(read), read.id(CommonFlag.REQUEST_ID),
                read.has(CommonFlag.HELP));
    }

    private static View view(Read read) throws DvsException {
        Optional<String> output = read.one(CommonFlag.OUTPUT);
        Format format = output.isPresent() ? Format.of(output.get()) : Format.TABLE;
        List<SortKey> sort = new ArrayList<>();
        for (String key : read.items(CommonFlag.SORT)) {
            sort.add(SortKey.of(key));
        }
        List<Filter> filters = new ArrayList<>();
        for (String filter : read.all(CommonFlag.FILTER)) {
            filters.add(Filter.of(filter));
        }
        boolean diff = read.has(CommonFlag.DIFF);
        if (diff && (read.has(CommonFlag.NO_FOLD) || format != Format.TABLE && format != Format.WIDE)) {
            throw Usage.error("--diff compares folded tables: leave out --no-fold and machine formats");
        }
        return new View(format, !read.has(CommonFlag.NO_HEADERS), read.items(CommonFlag.COLUMNS), sort, filters,
                !read.has(CommonFlag.NO_FOLD), diff);
    }

    private static Optional<Duration> watch(Read read) throws DvsException {
        if (!read.has(CommonFlag.WATCH)) {
            return Optional.empty();
        }
        boolean usual = read.one(CommonFlag.WATCH).filter(String::isEmpty).isPresent();
        Duration interval = read.duration(CommonFlag.WATCH, Duration.ZERO);
        if (!usual && interval.compareTo(LEAST_WATCH) < 0) {
            throw Usage.error("--watch: repeat every 100ms at the most often, not every " + interval.toMillis() + "ms");
        }
        return Optional.of(interval);
    }

    private static Optional<Boolean> color(Read read) throws DvsException {
        Optional<String> when = read.one(CommonFlag.COLOR);
        if (when.isEmpty()) {
            return Optional.empty();
        }
        return switch (when.get()) {
            case "auto" -> Optional.empty();
            case "always" -> Optional.of(true);
            case "never" -> Optional.of(false);
            default -> throw Usage.error("--color '" + when.get() + "' is not auto, always or never");
        };
    }

    /** The texts behind the flags. */
    private record Read(Map<CommonFlag, List<String>> given) {

        boolean has(CommonFlag flag) {
            return given.containsKey(flag);
        }

        List<String> all(CommonFlag flag) {
            return given.getOrDefault(flag, List.of());
        }

        String joined(CommonFlag flag) {
            return String.join(",", all(flag));
        }

        List<String> items(CommonFlag flag) throws DvsException {
            List<String> items = new ArrayList<>();
            for (String text : all(flag)) {
                for (String item : text.split(",", -1)) {
                    if (item.isBlank()) {
                        throw Usage.error(flag.flag() + " '" + text + "' has an empty name");
                    }
                    items.add(item.strip());
                }
            }
            return items;
        }

        Optional<String> one(CommonFlag flag) throws DvsException {
            List<String> all = all(flag);
            if (all.size() > 1) {
                throw Usage.error(flag.flag() + " is given twice");
            }
            return all.stream().findFirst();
        }

        int number(CommonFlag flag, int least, int otherwise) throws DvsException {
            Optional<String> text = one(flag);
            if (text.isEmpty()) {
                return otherwise;
            }
            int number = text.get().matches("\\d{1,6}") ? Integer.parseInt(text.get()) : -1;
            if (number < least || number > NodeSet.MAX_NODES) {
                throw Usage.error(flag.flag() + " '" + text.get() + "' is not a number from " + least + " to "
                        + NodeSet.MAX_NODES);
            }
            return number;
        }

        String amount(CommonFlag flag, int least) throws DvsException {
            Optional<String> text = one(flag);
            if (text.isEmpty()) {
                return "";
            }
            var matcher = AMOUNT.matcher(text.get());
            if (matcher.matches()) {
                int number = Integer.parseInt(matcher.group(1));
                int most = matcher.group(2).isEmpty() ? NodeSet.MAX_NODES : 100;
                if (number >= least && number <= most) {
                    return text.get();
                }
            }
            throw Usage.error(flag.flag() + " '" + text.get() + "' is not a number of nodes such as 4, or a share such as 25%");
        }

        Duration duration(CommonFlag flag, Duration otherwise) throws DvsException {
            Optional<String> text = one(flag);
            if (text.isEmpty() || text.get().isEmpty() && flag == CommonFlag.WATCH) {
                return otherwise;
            }
            try {
                Duration duration = Units.duration(text.get());
                if (duration.compareTo(LONGEST) > 0) {
                    throw new DvsException(ErrorCode.BADRANGE, "'" + text.get() + "' is longer than a day");
                }
                return duration;
            } catch (DvsException e) {
                throw Usage.error(flag.flag() + ": " + e.getMessage());
            }
        }

        String id(CommonFlag flag) throws DvsException {
            Optional<String> text = one(flag);
            if (text.isPresent() && !ID.matcher(text.get()).matches()) {
                throw Usage.error(flag.flag() + " '" + text.get() + "' is not of letters, digits and . _ : / -, at most 64");
            }
            return text.orElse("");
        }
    }
}
