package org.dvs.config.internal;

import java.io.IOException;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** {@link Store} on Configuration Admin. */
final class AdminStore implements Store {
    /** Says that a configuration is ours. The dot in front keeps it out of the properties of services. */
    private static final String MARK = ".dvs.config";
    private static final Set<String> ADDED = Set.of(MARK, Constants.SERVICE_PID, ConfigurationAdmin.SERVICE_FACTORYPID,
            ConfigurationAdmin.SERVICE_BUNDLELOCATION, "felix.fileinstall.filename");
    /** Any bundle may receive it: who asks first must not own it. */
    private static final String ANY_LOCATION = "?";

    private final ConfigurationAdmin admin;

    AdminStore(ConfigurationAdmin admin) {
        this.admin = admin;
    }

    @Override
    public Set<String> published() throws IOException {
        Set<String> pids = new HashSet<>();
        for (Configuration each : list('(' + MARK + "=true)")) {
            pids.add(each.getPid());
        }
        return pids;
    }

    @Override
    public Optional<Map<String, Object>> get(String pid) throws IOException {
        Configuration[] found = list(filter(pid));
        if (found.length == 0 || found[0].getProperties() == null) {
            return Optional.empty();
        }
        Dictionary<String, Object> properties = found[0].getProperties();
        Map<String, Object> values = new TreeMap<>();
        for (String key : Collections.list(properties.keys())) {
            if (!ADDED.contains(key)) {
                values.put(key, properties.get(key));
            }
        }
        return Optional.of(values);
    }

    @Override
    public void put(String pid, Map<String, Object> properties) throws IOException {
        Hashtable<String, Object> all = new Hashtable<>(properties);
        all.put(MARK, "true");
        configuration(pid).update(all);
    }

    @Override
    public void remove(String pid) throws IOException {
        for (Configuration each : list(filter(pid))) {
            each.delete();
        }
    }

    private Configuration configuration(String pid) throws IOException {
        int tilde = pid.indexOf('~');
        return tilde < 0 ? admin.getConfiguration(pid, ANY_LOCATION)
                : admin.getFactoryConfiguration(pid.substring(0, tilde), pid.substring(tilde + 1), ANY_LOCATION);
    }

    /** PIDs come from file names, so they can hold what means something in a filter. */
    private static String filter(String pid) {
        return '(' + Constants.SERVICE_PID + '=' + pid.replaceAll("([\\\\()*])", "\\\\$1") + ')';
    }

    private Configuration[] list(String filter) throws IOException {
        try {
            Configuration[] found = admin.listConfigurations(filter);
            return found == null ? new Configuration[0] : found;
        } catch (InvalidSyntaxException e) {
            throw new IOException("filter " + filter, e);
        }
    }
}
