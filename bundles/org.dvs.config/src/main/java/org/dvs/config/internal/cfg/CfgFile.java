package org.dvs.config.internal.cfg;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import org.apache.commons.configuration2.PropertiesConfiguration;
import org.apache.commons.configuration2.convert.DisabledListDelimiterHandler;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.dvs.api.ErrorCode;
import org.dvs.config.api.Place;
import org.dvs.config.api.Problem;
import org.dvs.config.internal.TextFile;

/**
 * A configuration file. A {@code .cfg} file is read by Commons Configuration: {@code key = value}, comments with {@code #} or
 * {@code !}, a backslash at the end continues a line, escapes as in Java properties. Includes are not followed; {@code include}
 * is a key like any other. A file whose name ends in {@code .json} is read as JSON.
 *
 * @param name     of the file
 * @param settings in the order of the file, each key once
 * @param problems of syntax, and keys that stand twice
 */
public record CfgFile(String name, List<Setting> settings, List<Problem> problems) {

    /** Never fails: what is wrong is in {@link #problems}. */
    public static CfgFile parse(TextFile file) {
        List<Setting> settings = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        file.problem().ifPresent(problems::add);
        if (!file.name().endsWith(".json")) {
            readProperties(file, settings, problems);
        } else if (file.problem().isEmpty()) {
            JsonFile.read(file, settings, problems);
        }
        removeDuplicates(file.name(), settings, problems);
        return new CfgFile(file.name(), List.copyOf(settings), List.copyOf(problems));
    }

    private static void readProperties(TextFile file, List<Setting> settings, List<Problem> problems) {
        PropertiesConfiguration configuration = new PropertiesConfiguration();
        configuration.setListDelimiterHandler(DisabledListDelimiterHandler.INSTANCE);
        configuration.setIncludesAllowed(false);
        configuration.setIOFactory(new PropertiesConfiguration.DefaultIOFactory() {
            @Override
            public PropertiesConfiguration.PropertiesReader createPropertiesReader(Reader in) {
                return new PositionReader(in, file.name(), settings, problems);
            }
        });
        try {
            configuration.read(new StringReader(file.text()));
        } catch (ConfigurationException | IOException e) {
            problems.add(new Problem(file.name(), Place.START, ErrorCode.SYNTAX, String.valueOf(e.getMessage())));
        }
    }

    private static void removeDuplicates(String name, List<Setting> settings, List<Problem> problems) {
        Map<String, Setting> first = new HashMap<>();
        for (Iterator<Setting> each = settings.iterator(); each.hasNext();) {
            Setting setting = each.next();
            Setting earlier = first.putIfAbsent(setting.key(), setting);
            if (earlier != null) {
                problems.add(new Problem(name, setting.keyPlace(), ErrorCode.DUPLICATE,
                        "'" + setting.key() + "' stands at " + earlier.keyPlace() + " already"));
                each.remove();
            }
        }
    }
}
