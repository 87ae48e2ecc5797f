package org.dvs.config.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

import javax.xml.stream.XMLStreamException;

import org.dvs.config.internal.schema.MetatypeReader;
import org.dvs.config.internal.schema.Schema;
import org.dvs.config.internal.schema.Schemas;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.util.tracker.BundleTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Schemas of the installed bundles {@code org.dvs.*}, started or not. Thread-safe. */
final class BundleSchemas extends BundleTracker<List<Schema>> {
    private static final Logger LOG = LoggerFactory.getLogger(BundleSchemas.class);
    private static final String OURS = "org.dvs.";

    private final Runnable changed;

    /** @param changed called when bundles came, went or were updated, on the thread that did it: must return at once */
    BundleSchemas(BundleContext context, Runnable changed) {
        super(context, Bundle.INSTALLED | Bundle.RESOLVED | Bundle.STARTING | Bundle.ACTIVE | Bundle.STOPPING, null);
        this.changed = changed;
    }

    Schemas schemas() {
        List<Schema> all = new ArrayList<>();
        for (List<Schema> found : getTracked().values()) {
            synchronized (found) {
                all.addAll(found);
            }
        }
        return new Schemas(all);
    }

    @Override
    public List<Schema> addingBundle(Bundle bundle, BundleEvent event) {
        if (bundle.getSymbolicName() == null || !bundle.getSymbolicName().startsWith(OURS)) {
            return null;
        }
        List<Schema> found = new ArrayList<>();
        read(bundle, found);
        changed.run();
        return found;
    }

    @Override
    public void modifiedBundle(Bundle bundle, BundleEvent event, List<Schema> found) {
        if (event != null && event.getType() == BundleEvent.UPDATED) {
            synchronized (found) {
                found.clear();
                read(bundle, found);
            }
            changed.run();
        }
    }

    @Override
    public void removedBundle(Bundle bundle, BundleEvent event, List<Schema> found) {
        changed.run();
    }

    /** By entry paths: unlike a search for entries these do not resolve the bundle. */
    private static void read(Bundle bundle, List<Schema> into) {
        Enumeration<String> paths = bundle.getEntryPaths(MetatypeReader.FOLDER);
        for (String path : paths == null ? List.<String>of() : Collections.list(paths)) {
            if (path.endsWith(".xml")) {
                URL entry = bundle.getEntry(path);
                try (InputStream in = entry.openStream()) {
                    into.addAll(new MetatypeReader().read(in));
                } catch (IOException | XMLStreamException e) {
                    LOG.error("{}: {} cannot be read, so its settings are not known", bundle.getSymbolicName(), path, e);
                }
            }
        }
    }
}
