package org.dvs.config.internal.schema;

import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

import org.dvs.api.config.Kind;
import org.dvs.api.config.Takes;

/**
 * Reads the metatype XML that bnd writes from {@code @ObjectClassDefinition} and {@code @Designate}: the one table of settings,
 * from which documentation, checks and completion come. Source: OSGi Compendium 105.
 */
public final class MetatypeReader {
    /** Where the files stand in a bundle. */
    public static final String FOLDER = "OSGI-INF/metatype";

    private final XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    private final Map<String, List<Attribute>> classes = new HashMap<>();
    private final List<Schema> schemas = new ArrayList<>();

    public MetatypeReader() {
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    }

    /**
     * @return what the file's designates say, perhaps nothing
     * @throws XMLStreamException if it is not such a file
     */
    public List<Schema> read(InputStream in) throws XMLStreamException {
        classes.clear();
        schemas.clear();
        XMLStreamReader xml = factory.createXMLStreamReader(in);
        try {
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT) {
                    switch (xml.getLocalName()) {
                        case "OCD" -> classes.put(text(xml, "id"), attributes(xml));
                        case "Designate" -> designate(xml);
                        default -> { }
                    }
                }
            }
        } finally {
            xml.close();
        }
        return List.copyOf(schemas);
    }

    private void designate(XMLStreamReader xml) throws XMLStreamException {
        String factoryPid = text(xml, "factoryPid");
        String pid = factoryPid.isEmpty() ? text(xml, "pid") : factoryPid;
        while (!(xml.next() == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals("Designate"))) {
            if (xml.isStartElement() && xml.getLocalName().equals("Object") && classes.containsKey(text(xml, "ocdref"))) {
                schemas.add(new Schema(pid, !factoryPid.isEmpty(), classes.get(text(xml, "ocdref"))));
            }
        }
    }

    private static List<Attribute> attributes(XMLStreamReader xml) throws XMLStreamException {
        List<Attribute> attributes = new ArrayList<>();
        while (!(xml.next() == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals("OCD"))) {
            if (xml.isStartElement() && xml.getLocalName().equals("AD")) {
                attributes.add(attribute(xml));
            }
        }
        return attributes;
    }

    private static Attribute attribute(XMLStreamReader xml) throws XMLStreamException {
        String id = text(xml, "id");
        AttributeType type = AttributeType.named(text(xml, "type")).orElse(AttributeType.STRING);
        String cardinality = text(xml, "cardinality");
        Optional<String> byDefault = Optional.ofNullable(xml.getAttributeValue(null, "default"));
        boolean required = !text(xml, "required").equals("false");
        Attribute bare = new Attribute(id, text(xml, "name"), text(xml, "description"), type,
                cardinality.isEmpty() ? 0 : Integer.parseInt(cardinality), byDefault, required, limit(xml, "min"),
                limit(xml, "max"), List.of(), rule(xml));
        List<String> options = new ArrayList<>();
        while (!(xml.next() == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals("AD"))) {
            if (xml.isStartElement() && xml.getLocalName().equals("Option")) {
                options.add(text(xml, "value"));
            }
        }
        return new Attribute(id, bare.name(), bare.description(), type, bare.cardinality(), byDefault, required, bare.min(),
                bare.max(), options, bare.rule());
    }

    /** A kind that is not known is that of a bundle newer than this one: the component's own check has to do. */
    private static Rule rule(XMLStreamReader xml) {
        String kind = own(xml, "kind");
        return new Rule(Arrays.stream(Kind.values()).filter(known -> known.name().equals(kind)).findFirst().orElse(Kind.ANY),
                keys(own(xml, "moreThan")), keys(own(xml, "atLeast")));
    }

    private static List<String> keys(String text) {
        return Arrays.stream(text.split("[\\s,]+")).filter(key -> !key.isEmpty()).toList();
    }

    private static String own(XMLStreamReader xml, String attribute) {
        String value = xml.getAttributeValue(Takes.NAMESPACE, attribute);
        return value == null ? "" : value;
    }

    private static Optional<BigDecimal> limit(XMLStreamReader xml, String name) throws XMLStreamException {
        String text = text(xml, name);
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(new BigDecimal(text));
        } catch (NumberFormatException e) {
            throw new XMLStreamException(name + " of " + text(xml, "id") + " is not a number: " + text, e);
        }
    }

    private static String text(XMLStreamReader xml, String attribute) {
        String value = xml.getAttributeValue(null, attribute);
        return value == null ? "" : value;
    }
}
