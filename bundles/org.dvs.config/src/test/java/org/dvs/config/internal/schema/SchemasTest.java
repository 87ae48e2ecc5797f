package org.dvs.config.internal.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import javax.xml.stream.XMLStreamException;

import org.dvs.config.internal.TestSchemas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemasTest {

    @Test
    void readsWhatBndWrites() {
        Schema schema = TestSchemas.sample();
        assertEquals("org.dvs.sample", schema.pid());
        assertFalse(schema.factory());
        assertEquals(12, schema.attributes().size());
        Attribute port = schema.attribute("bindPort").orElseThrow();
        assertEquals(AttributeType.INTEGER, port.type());
        assertEquals(Optional.of("7800"), port.defaultValue());
        assertEquals("1024..65535", port.range());
        assertEquals("port", port.description());
        assertEquals(List.of("FAST", "SAFE"), schema.attribute("mode").orElseThrow().options());
        assertFalse(schema.attribute("join").orElseThrow().required());
        assertEquals(Optional.of(""), schema.attribute("names").orElseThrow().defaultValue());
    }

    @Test
    void tellsSecretsByTheLastWordOfKeyOrName() {
        Schema schema = TestSchemas.sample();
        assertEquals(List.of("adminPassword", "join"),
                schema.attributes().stream().filter(Attribute::secret).map(Attribute::id).toList());
    }

    @Test
    void findsTheConfigurationThatAFileIs() {
        Schemas schemas = TestSchemas.all();
        assertEquals("org.dvs.sample", schemas.target("org.dvs.sample").orElseThrow().pid());
        assertEquals("org.dvs.volume~fast-one", schemas.target("org.dvs.volume-fast-one").orElseThrow().pid());
        assertEquals("org.dvs.volume~fast", schemas.target("org.dvs.volume~fast").orElseThrow().pid());
        assertEquals(Optional.empty(), schemas.target("org.dvs.volume"));
        assertEquals(Optional.empty(), schemas.target("org.dvs.volume-"));
        assertEquals(Optional.empty(), schemas.target("org.dvs.sample-x"));
        assertEquals(Optional.empty(), schemas.target(""));
    }

    @Test
    void putsTogetherWhatSeveralComponentsTakeUnderOnePid() {
        Schema one = new Schema("org.dvs.p", false, List.of(attribute("a"), attribute("b")));
        Schema two = new Schema("org.dvs.p", false, List.of(attribute("b"), attribute("c")));
        assertEquals(List.of("a", "b", "c"), new Schemas(List.of(one, two)).schema("org.dvs.p").orElseThrow().keys());
    }

    private static Attribute attribute(String id) {
        return new Attribute(id, id, "", AttributeType.STRING, 0, Optional.empty(), false, Optional.empty(), Optional.empty(),
                List.of(), Rule.NONE);
    }

    @Test
    void readsJarsFoldersAndAllJarsBelowAFolder(@TempDir Path folder) throws IOException {
        Path jar = Files.createDirectories(folder.resolve("org/dvs/sample/0.1.0")).resolve("sample.jar");
        try (OutputStream out = Files.newOutputStream(jar); ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("OSGI-INF/metatype/x.xml"));
            zip.write(TestSchemas.XML.getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
        Path exploded = Files.createDirectories(folder.resolve("classes/OSGI-INF/metatype"));
        Files.writeString(exploded.resolve("x.xml"), TestSchemas.XML);
        assertTrue(new JarSchemas().add(folder).schemas().schema("org.dvs.sample").isPresent());
        assertTrue(new JarSchemas().add(jar).schemas().schema("org.dvs.sample").isPresent());
        assertTrue(new JarSchemas().add(folder.resolve("classes")).schemas().schema("org.dvs.sample").isPresent());
    }

    @Test
    void readsNoExternalEntityAndNoDocumentType(@TempDir Path folder) throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "hidden");
        String xml = "<!DOCTYPE x [<!ENTITY e SYSTEM \"" + secret.toUri()
                + "\">]><MetaData><OCD id=\"a\" name=\"&e;\"/></MetaData>";
        assertThrows(XMLStreamException.class,
                () -> new MetatypeReader().read(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8))));
    }
}
