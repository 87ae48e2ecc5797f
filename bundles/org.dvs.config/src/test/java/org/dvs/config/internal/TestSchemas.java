package org.dvs.config.internal;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import javax.xml.stream.XMLStreamException;

import org.dvs.config.internal.schema.MetatypeReader;
import org.dvs.config.internal.schema.Schema;
import org.dvs.config.internal.schema.Schemas;

/** Metatype XML exactly as bnd 7.3.0 writes it, for a configuration with one key of each sort. */
public final class TestSchemas {
    public static final String XML = """
            <?xml version="1.0" encoding="UTF-8"?>
            <metatype:MetaData xmlns:metatype="http://www.osgi.org/xmlns/metatype/v1.2.0" localization="OSGI-INF/l10n/x.A$Config">
              <OCD id="x.A$Config" name="Sample" description="desc">
                <AD id="bindAddress" type="String" name="Bind address" description="where to listen" default="127.0.0.1"/>
                <AD id="bindPort" type="Integer" name="Bind port" description="port" min="1024" max="65535" default="7800"/>
                <AD id="replyTimeoutMs" type="Long" name="Reply timeout" min="0" default="5000"/>
                <AD id="ratio" type="Double" name="Ratio" min="0" max="1.5" default="0.5"/>
                <AD id="enabled" type="Boolean" name="Enabled" default="true"/>
                <AD id="mode" type="String" name="Mode" default="FAST">
                  <Option label="FAST" value="FAST"/>
                  <Option label="SAFE" value="SAFE"/>
                </AD>
                <AD id="names" type="String" cardinality="2147483647" name="Names" default=""/>
                <AD id="ports" type="Integer" cardinality="3" name="Ports" min="1" max="10" default="1,2"/>
                <AD id="label" type="String" name="Label" min="2" max="5" default="abc"/>
                <AD id="adminPassword" type="String" required="false" name="Admin password"/>
                <AD id="join" type="String" required="false" name="The join token"/>
                <AD id="tokenFile" type="String" name="File of tokens" default="tokens"/>
              </OCD>
              <Designate pid="org.dvs.sample">
                <Object ocdref="x.A$Config"/>
              </Designate>
            </metatype:MetaData>
            """;

    private static final String MORE = """
            <?xml version="1.0" encoding="UTF-8"?>
            <metatype:MetaData xmlns:metatype="http://www.osgi.org/xmlns/metatype/v1.2.0">
              <OCD id="one" name="One">
                <AD id="path" type="String" name="Path"/>
                <AD id="weight" type="Short" name="Weight" default="1"/>
              </OCD>
              <OCD id="two" name="Two">
                <AD id="letter" type="Character" name="Letter" default="x"/>
                <AD id="list" type="Byte" cardinality="-2" name="List" default=""/>
              </OCD>
              <Designate factoryPid="org.dvs.volume"><Object ocdref="one"/></Designate>
              <Designate pid="org.dvs.must"><Object ocdref="one"/></Designate>
              <Designate pid="org.dvs.shared"><Object ocdref="two"/></Designate>
            </metatype:MetaData>
            """;

    /** With what {@code org.dvs.api.config.Takes} adds, one key of each kind. */
    private static final String RULES = """
            <?xml version="1.0" encoding="UTF-8"?>
            <metatype:MetaData xmlns:metatype="http://www.osgi.org/xmlns/metatype/v1.2.0" xmlns:dvs="urn:dvs:metatype">
              <OCD id="rules" name="Rules">
                <AD id="address" type="String" name="A" default="127.0.0.1" dvs:kind="ADDRESS" dvs:moreThan="" dvs:atLeast=""/>
                <AD id="seeds" type="String" cardinality="9" required="false" name="S"
                    dvs:kind="ENDPOINT" dvs:moreThan="" dvs:atLeast=""/>
                <AD id="founders" type="String" cardinality="9" required="false" name="F"
                    dvs:kind="NAME" dvs:moreThan="" dvs:atLeast=""/>
                <AD id="cluster" type="String" name="C" default="dvs" dvs:kind="NAME" dvs:moreThan="" dvs:atLeast=""/>
                <AD id="groups" type="String" name="G" default="" dvs:kind="GROUPS" dvs:moreThan="" dvs:atLeast=""/>
                <AD id="keys" type="String" name="K" default="keys" dvs:kind="FOLDER" dvs:moreThan="" dvs:atLeast=""/>
                <AD id="script" type="String" name="J" default="" dvs:kind="SCRIPT" dvs:moreThan="" dvs:atLeast=""/>
                <AD id="mode" type="String" name="M" default="0600" dvs:kind="MODE" dvs:moreThan="" dvs:atLeast=""/>
                <AD id="later" type="String" name="L" default="" dvs:kind="A_KIND_OF_LATER" dvs:moreThan="" dvs:atLeast=""/>
                <AD id="leastMs" type="Integer" name="L" min="1" max="60000" default="1000"/>
                <AD id="mostMs" type="Long" name="M" min="1" max="60000" default="3000"
                    dvs:kind="ANY" dvs:moreThan="leastMs" dvs:atLeast=""/>
                <AD id="frame" type="Integer" name="F" default="10"/>
                <AD id="mark" type="Integer" name="F" default="20"/>
                <AD id="queue" type="Integer" name="Q" default="40" dvs:kind="ANY" dvs:moreThan="" dvs:atLeast="frame mark"/>
              </OCD>
              <Designate pid="org.dvs.rules"><Object ocdref="rules"/></Designate>
            </metatype:MetaData>
            """;

    private TestSchemas() {
    }

    public static Schema rules() {
        return read(RULES).get(0);
    }

    public static List<Schema> read(String xml) {
        try {
            return new MetatypeReader().read(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
        } catch (XMLStreamException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public static Schema sample() {
        return read(XML).get(0);
    }

    public static Schemas all() {
        List<Schema> all = new java.util.ArrayList<>(read(XML));
        all.addAll(read(MORE));
        return new Schemas(all);
    }
}
