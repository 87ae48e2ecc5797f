package org.dvs.api.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import aQute.bnd.annotation.xml.XMLAttribute;

/**
 * Stands beside {@code @AttributeDefinition} and says what a setting takes beyond type, range and options. The build writes it
 * into the bundle's metatype XML as attributes of the namespace {@value #NAMESPACE}, so that a node and {@code dvs config check}
 * refuse a value alike, before any component sees it. Source: OSGi Compendium 105.8, extension of the metatype XML.
 */
@XMLAttribute(namespace = Takes.NAMESPACE, prefix = "dvs", mapping = "value=kind")
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Takes {
    /** Of the attributes in the metatype XML. */
    String NAMESPACE = "urn:dvs:metatype";

    Kind value() default Kind.ANY;

    /** Keys of numbers of the same configuration that this number must be greater than. */
    String[] moreThan() default {};

    /** Keys of numbers of the same configuration that this number must not be less than. */
    String[] atLeast() default {};
}
