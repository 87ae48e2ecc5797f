package org.dvs.itests.nodes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What runs on this machine. */
final class Processes {
    private Processes() {
    }

    /** Command line of every process, arguments separated by NUL. */
    static Map<Long, String> commandLines() {
        Map<Long, String> lines = new HashMap<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                lines.put(Long.valueOf(process.getFileName().toString()), read(process.resolve("cmdline")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }

    /** Processes of a program with exactly these arguments. */
    static List<Long> running(String program, String... arguments) {
        String tail = arguments.length == 0 ? "" : String.join("\0", arguments) + "\0";
        return commandLines().entrySet().stream().filter(entry -> {
            String line = entry.getValue().replace("\0--\0", "\0");
            return line.equals(program + "\0" + tail) || line.endsWith("/" + program + "\0" + tail) && line.indexOf('\0') > line.indexOf(program);
        }).map(Map.Entry::getKey).toList();
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // It has ended meanwhile.
            return "";
        }
    }

    static String text(Path file) {
        return new String(read(file).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
