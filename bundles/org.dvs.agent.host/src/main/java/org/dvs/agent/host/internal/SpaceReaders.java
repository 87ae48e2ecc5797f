package org.dvs.agent.host.internal;

/** Chooses how to ask for space: with inodes if the native part of JNA can be loaded. Decided once, at the first question. */
final class SpaceReaders {
    private static final SpaceReader BEST = best();

    private SpaceReaders() {
    }

    static Space read(String target) throws java.io.IOException {
        return BEST.read(target);
    }

    private static SpaceReader best() {
        try {
            return new Statvfs();
        } catch (LinkageError e) {
            return SpaceReader.JDK;
        }
    }
}
