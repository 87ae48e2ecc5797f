package org.dvs.helper.api;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs that run containers and understand the same words. */
public enum ContainerEngine {
    DOCKER, PODMAN;

    /** What they are asked to do. */
    public enum Verb {
        /** Operands: none. */
        LIST,
        /** Operands: containers. */
        INSPECT,
        /** Operands: one container. */
        START,
        /** Operands: one container. */
        STOP,
        /** Operands: one container. */
        REMOVE,
        /** Operands: an image that is there already, then what runs in it, if not what the image says. */
        RUN
    }

    /** As people write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @param root the machine's root folder, {@code /} except in tests
     * @return absolute path of the program; empty if it is not installed
     */
    public Optional<String> program(Path root) {
        return Stream.of("usr/bin", "usr/local/bin").map(folder -> root.resolve(folder).resolve(word()))
                .filter(path -> Files.isRegularFile(path) && Files.isExecutable(path)).map(Path::toString).findFirst();
    }

    /**
     * Whether it may be at work: Docker's program asks a server, and where nobody listens it need not be started to say so.
     *
     * @param root the machine's root folder, {@code /} except in tests
     */
    public boolean mayBeAtWork(Path root) {
        // By its own settings, of which programs with the home folder / have these, it may ask at another place.
        return this != DOCKER || Stream.of("var/run/docker.sock", ".docker").anyMatch(file -> Files.exists(root.resolve(file)));
    }
}
