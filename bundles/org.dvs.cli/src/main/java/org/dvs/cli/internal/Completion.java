package org.dvs.cli.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.dvs.api.dispatch.Catalogue;
import org.dvs.api.dispatch.Dispatcher;
import org.dvs.api.dispatch.Job;
import org.dvs.api.dispatch.NodeDirectory;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestSpec;
import org.dvs.cli.internal.words.CommonFlag;
import org.dvs.cli.internal.words.Commands;
import org.dvs.cli.internal.words.Cursor;
import org.dvs.cli.internal.words.Format;
import org.dvs.cli.internal.words.ParameterFlags;

/** Offers words while somebody types. Never fails: what it cannot understand it has nothing for. */
final class Completion {
    private static final int MOST = 1_000;

    private final Catalogue catalogue;
    private final NodeDirectory directory;
    private final Dispatcher dispatcher;
    private final Commands commands;

    Completion(Catalogue catalogue, NodeDirectory directory, Dispatcher dispatcher, Commands commands) {
        this.catalogue = catalogue;
        this.directory = directory;
        this.dispatcher = dispatcher;
        this.commands = commands;
    }

    List<String> complete(List<String> words) {
        Cursor cursor = Cursor.of(words, commands);
        return candidates(cursor).filter(word -> word.startsWith(cursor.typed())).distinct().limit(MOST).toList();
    }

    private Stream<String> candidates(Cursor cursor) {
        String typed = cursor.typed();
        RequestSpec spec = cursor.spec().orElse(null);
        if (cursor.flag().isPresent()) {
            return values(cursor.flag().get(), spec, typed);
        }
        if (cursor.parameter().isPresent() && cursor.asValue()) {
            return suggestions(spec, cursor.parameter().get(), typed);
        }
        int equals = typed.indexOf('=');
        if (typed.startsWith("--") && equals > 0) {
            String name = typed.substring(0, equals);
            Cursor inside = cursor.valueOf(name, typed.substring(equals + 1));
            return inside == null ? Stream.of() : candidates(inside).map(value -> name + '=' + value);
        }
        if (typed.startsWith("-")) {
            return flags(spec);
        }
        if (spec == null) {
            return cursor.whole() ? Stream.of() : commands.next(cursor.front()).stream();
        }
        return cursor.parameter().map(operand -> suggestions(spec, operand, typed)).orElseGet(Stream::of);
    }

    private Stream<String> suggestions(RequestSpec spec, Parameter parameter, String typed) {
        return catalogue.suggest(spec, parameter, typed).stream();
    }

    private static Stream<String> flags(RequestSpec spec) {
        Stream<String> common = Stream.of(CommonFlag.values()).map(CommonFlag::flag);
        return spec == null ? common : Stream.concat(ParameterFlags.all(spec).stream(), common);
    }

    private Stream<String> values(CommonFlag flag, RequestSpec spec, String typed) {
        return switch (flag) {
            case NODES, EXCLUDE -> items(typed, nodes());
            case GROUP -> items(typed, new TreeSet<>(directory.groups().keySet()));
            case OUTPUT -> Format.WORDS.stream();
            case COLOR -> Stream.of("auto", "always", "never");
            case COLUMNS -> items(typed, columns(spec));
            case SORT -> items(typed, columns(spec).stream().flatMap(name -> Stream.of(name, '-' + name)).toList());
            case FILTER -> columns(spec).stream().map(name -> name + '=');
            case RETRY -> dispatcher.jobs().stream().map(Job::id);
            default -> Stream.of();
        };
    }

    private List<String> nodes() {
        List<String> nodes = new ArrayList<>(directory.nodes());
        new TreeSet<>(directory.groups().keySet()).forEach(group -> nodes.add('@' + group));
        return nodes;
    }

    private static List<String> columns(RequestSpec spec) {
        return Optional.ofNullable(spec).map(RequestSpec::columns).orElse(List.of()).stream().map(Column::name).toList();
    }

    /** The last item of a comma list; a {@code !} in front of it stays. */
    private static Stream<String> items(String typed, Collection<String> known) {
        int start = typed.lastIndexOf(',') + 1;
        int end = start < typed.length() && typed.charAt(start) == '!' ? start + 1 : start;
        return known.stream().map(item -> typed.substring(0, end) + item);
    }
}
