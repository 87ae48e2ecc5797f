package org.dvs.config.internal.cfg;

import java.util.List;

import org.dvs.config.api.Place;

/**
 * A key and its value as they stand in a file.
 *
 * @param key      escapes resolved
 * @param form     what the file says of the number of values
 * @param items    one, or for a {@link Form#LIST} any number
 * @param keyPlace of the key's first character
 */
public record Setting(String key, Form form, List<Item> items, Place keyPlace, Place valuePlace) {

    /** What a file says of the number of values of a key. */
    public enum Form {
        /** Nothing: where the key takes several values, commas in its text separate them. */
        TEXT,
        /** One value, whatever commas it holds. */
        ONE,
        /** A list, perhaps empty. */
        LIST
    }

    /**
     * A value or a part of it.
     *
     * @param text  escapes resolved, variables not
     * @param place of its first character; just behind the key where it is empty
     */
    public record Item(String text, Place place) {
    }

    /** @param valuePlace of the first character of the value or list */
    public Setting {
        items = List.copyOf(items);
    }

    /** In the form {@link Form#TEXT}. */
    public Setting(String key, String value, Place keyPlace, Place valuePlace) {
        this(key, Form.TEXT, List.of(new Item(value, valuePlace)), keyPlace, valuePlace);
    }

    /** The whole text in the form {@link Form#TEXT}; else the first item's, empty if there is none. */
    public String value() {
        return items.isEmpty() ? "" : items.get(0).text();
    }
}
