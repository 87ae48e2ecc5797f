package org.dvs.config.tool;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;

import org.dvs.api.ErrorCode;
import org.dvs.api.Printable;
import org.dvs.api.Nearest;
import org.dvs.config.api.BlockSchema;
import org.dvs.config.api.Place;
import org.dvs.config.api.Problem;
import org.dvs.config.internal.Checker;
import org.dvs.config.internal.Folder;
import org.dvs.config.internal.Interpolation;
import org.dvs.config.internal.TextFile;
import org.dvs.config.internal.Variables;
import org.dvs.config.internal.block.BlockChecker;
import org.dvs.config.internal.block.BlockParser;
import org.dvs.config.internal.cfg.CfgFile;
import org.dvs.config.internal.rules.Kinds;
import org.dvs.config.internal.schema.JarSchemas;
import org.dvs.config.internal.schema.Schema;
import org.dvs.config.internal.schema.Schemas;

/**
 * {@code dvs config check FILE...}: checks configuration files without a node. A file {@code org.dvs.*.cfg} or
 * {@code org.dvs.*.cfg.json} is held against the schemas of the bundles; any other is read as a block file. A folder stands for
 * its files of the first two kinds. Problems go to standard output as {@code file:line:column: CODE: text}.
 *
 * <p>Exit code: 0 all files are good, 1 problems were found, 2 the command was not understood.
 */
public final class Main {
    private static final int GOOD = 0;
    private static final int PROBLEMS = 1;
    private static final int USAGE = 2;
    private static final String HELP = "usage: config check FILE... [--schemas DIR|JAR]...";

    private final PrintStream out;
    private final PrintStream err;
    private final Interpolation interpolation;
    private final List<Path> files = new ArrayList<>();
    private final List<Path> sources = new ArrayList<>();

    Main(PrintStream out, PrintStream err, Map<String, String> environment) {
        this.out = out;
        this.err = err;
        interpolation = new Interpolation(environment, System.getProperties());
    }

    /** Leaves the JVM with the exit code. */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.exit(new Main(out, System.err, System.getenv()).run(args));
    }

    int run(String... args) {
        String fault = understand(args);
        if (fault != null) {
            err.println(fault);
            err.println(HELP);
            return USAGE;
        }
        try {
            JarSchemas jars = new JarSchemas();
            for (Path source : sources.isEmpty() ? classPath() : sources) {
                jars.add(source);
            }
            List<Problem> problems = new ArrayList<>();
            for (Path file : files) {
                if (Files.isDirectory(file)) {
                    problems.addAll(checkFolder(file, jars));
                } else {
                    problems.addAll(check(file, jars));
                }
            }
            problems.forEach(out::println);
            return problems.isEmpty() ? GOOD : PROBLEMS;
        } catch (IOException | UncheckedIOException e) {
            err.println(ErrorCode.IO.code() + ": " + Printable.line(e.getMessage()));
            return USAGE;
        }
    }

    /** @return what is wrong with the arguments, or null */
    private String understand(String... args) {
        if (args.length == 0 || !args[0].equals("check")) {
            return "the first word must be check";
        }
        boolean operandsOnly = false;
        for (int i = 1; i < args.length; i++) {
            if (operandsOnly || !args[i].startsWith("-")) {
                files.add(Path.of(args[i]));
            } else if (args[i].equals("--")) {
                operandsOnly = true;
            } else if (args[i].equals("--schemas") && i + 1 < args.length) {
                sources.add(Path.of(args[++i]));
            } else {
                return args[i].equals("--schemas") ? "--schemas needs a folder or a jar" : "there is no flag "
                        + Printable.line(args[i]);
            }
        }
        return files.isEmpty() ? "no file was named" : null;
    }

    private static List<Path> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of).filter(Files::exists)
                .toList();
    }

    private List<Problem> checkFolder(Path folder, JarSchemas jars) throws IOException {
        List<Path> inside;
        try (Stream<Path> all = Files.list(folder)) {
            inside = all.filter(Main::cfg).sorted().toList();
        }
        if (inside.isEmpty()) {
            // Silence would say that all is well in the wrong folder.
            return List.of(new Problem(folder.toString(), Place.START, ErrorCode.NOCONFIG,
                    "there is no file org.dvs.*.cfg or org.dvs.*.cfg.json in this folder"));
        }
        List<Problem> problems = new ArrayList<>();
        for (Path file : inside) {
            problems.addAll(check(file, jars));
        }
        return problems;
    }

    private static boolean cfg(Path file) {
        Path name = file.getFileName();
        return name != null && file.getFileSystem().getPathMatcher("glob:" + Folder.GLOB).matches(name);
    }

    private List<Problem> check(Path path, JarSchemas jars) throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            // To open a named pipe would wait for a writer, perhaps forever.
            return List.of(new Problem(path.toString(), Place.START, ErrorCode.NOCONFIG, "is not a regular file"));
        }
        TextFile file = TextFile.read(path, path.toString());
        return cfg(path) ? checkCfg(path, file, jars.schemas()) : checkBlocks(file, jars.paths());
    }

    private List<Problem> checkCfg(Path path, TextFile file, Schemas schemas) {
        String stem = Folder.stem(path.getFileName().toString());
        Optional<Schemas.Target> target = schemas.target(stem);
        if (target.isEmpty()) {
            List<Problem> problems = new ArrayList<>(CfgFile.parse(file).problems());
            problems.add(new Problem(file.name(), Place.START, ErrorCode.NOCONFIG, "no bundle takes a configuration '" + stem
                    + "'" + Nearest.hint(stem, schemas.all().stream().map(Schema::pid).toList())));
            return problems;
        }
        // The environment of this shell is not that of the node, so it sets nothing here.
        return new Checker(new Variables(Map.of()), interpolation, Kinds.ofFiles(path.toAbsolutePath().normalize().getParent()))
                .check(target.get().schema(), Optional.of(CfgFile.parse(file))).problems();
    }

    private List<Problem> checkBlocks(TextFile file, List<Path> jars) throws IOException {
        URL[] urls = new URL[jars.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = jars.get(i).toUri().toURL();
        }
        try (URLClassLoader loader = new URLClassLoader(urls, Main.class.getClassLoader())) {
            List<BlockSchema> known = ServiceLoader.load(BlockSchema.class, loader).stream().map(ServiceLoader.Provider::get)
                    .toList();
            return new BlockChecker(interpolation).check(file, Optional.of(bestOf(known, file))).problems();
        }
    }

    /** The schema that knows most of the file's kinds; if none knows any, one that tells the kinds of all. */
    private static BlockSchema bestOf(List<BlockSchema> known, TextFile file) {
        List<String> kinds = BlockParser.parse(file).blocks().stream().map(block -> block.kind()).distinct().toList();
        return known.stream().filter(schema -> matches(schema, kinds) > 0)
                .max(Comparator.comparingLong(schema -> matches(schema, kinds))).orElseGet(() -> new AnyBundle(known));
    }

    /** What no bundle takes is held against the kinds of all, none of which must be there. */
    private record AnyBundle(List<BlockSchema> known) implements BlockSchema {
        @Override
        public String name() {
            return "any bundle";
        }

        @Override
        public List<Kind> kinds() {
            return known.stream().flatMap(schema -> schema.kinds().stream())
                    .map(kind -> new Kind(kind.name(), 0, kind.most(), kind.keys())).toList();
        }
    }

    private static long matches(BlockSchema schema, List<String> kinds) {
        return schema.kinds().stream().filter(kind -> kinds.contains(kind.name())).count();
    }
}
