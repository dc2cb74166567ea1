package dev.realtime.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Versions in {@code realtime-bom}, compared with the modules that are published. */
class BomTests {

    @Test
    void everyPublishedModuleIsListed() throws Exception {
        List<String> published = new ArrayList<>();
        for (String module : texts(read("."), "module")) {
            Document pom = read(module);
            if (!texts(pom, "maven.install.skip").contains("true") && !module.equals("realtime-bom")) {
                published.add(module);
            }
        }

        assertThat(children(read("realtime-bom"), "dependency", "artifactId"))
                .containsExactlyInAnyOrderElementsOf(published);
    }

    @Test
    void versionIsThatOfTheOtherModules() throws Exception {
        String version = texts(read("."), "version").get(0);

        assertThat(texts(read("realtime-bom"), "version").get(0)).isEqualTo(version);
        assertThat(children(read("realtime-bom"), "dependency", "version")).containsOnly("${project.version}");
    }

    @Test
    void formatterIsThatOfTheOtherModules() throws Exception {
        assertThat(children(read("realtime-bom"), "plugin", "version"))
                .hasSize(1)
                .isEqualTo(children(read("."), "plugin", "version", "spotless-maven-plugin"));
    }

    @Test
    void importingItBringsNoOtherVersions() throws Exception {
        assertThat(texts(read("realtime-bom"), "parent")).isEmpty();
        assertThat(children(read("realtime-bom"), "dependency", "groupId")).containsOnly("dev.realtime");
    }

    private static Document read(String module) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Repository.ROOT.resolve(module).resolve("pom.xml").toFile());
    }

    private static List<String> texts(Document pom, String tag) {
        return elements(pom.getElementsByTagName(tag))
                .map(element -> element.getTextContent().strip())
                .toList();
    }

    private static List<String> children(Document pom, String tag, String child) {
        return elements(pom.getElementsByTagName(tag))
                .flatMap(element -> elements(element.getElementsByTagName(child)))
                .map(Element::getTextContent)
                .toList();
    }

    private static List<String> children(Document pom, String tag, String child, String artifact) {
        return elements(pom.getElementsByTagName(tag))
                .filter(element -> elements(element.getElementsByTagName("artifactId"))
                        .anyMatch(id -> id.getTextContent().equals(artifact)))
                .flatMap(
                        element -> elements(element.getElementsByTagName(child)).limit(1))
                .map(Element::getTextContent)
                .toList();
    }

    private static Stream<Element> elements(NodeList nodes) {
        return IntStream.range(0, nodes.getLength()).mapToObj(index -> (Element) nodes.item(index));
    }
}
