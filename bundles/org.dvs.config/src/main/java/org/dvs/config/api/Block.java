package org.dvs.config.api;

import java.util.List;
import java.util.Optional;

/**
 * One block of a block file: {@code kind name { key value; ... };}.
 *
 * @param kind     e.g. {@code server}
 * @param name     e.g. {@code node1}
 * @param place    of the kind
 * @param settings in the order of the file
 */
public record Block(String kind, String name, Place place, List<BlockSetting> settings) {

    public Block {
        settings = List.copyOf(settings);
    }

    public Optional<BlockSetting> setting(String key) {
        return settings.stream().filter(setting -> setting.key().equals(key)).findFirst();
    }

    /** {@code server node1}. */
    public String title() {
        return kind + ' ' + name;
    }
}
