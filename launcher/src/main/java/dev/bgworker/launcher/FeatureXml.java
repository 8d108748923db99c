package dev.bgworker.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads the bundles of a Karaf feature repository, in document order, as files of a Maven repository. */
final class FeatureXml {

    private final Path file;
    private final Path repository;

    FeatureXml(Path file, Path repository) {
        this.file = file;
        this.repository = repository;
    }

    List<BundleFile> bundles() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        List<BundleFile> bundles = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            XMLStreamReader xml = factory.createXMLStreamReader(in);
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals("bundle")) {
                    bundles.add(bundle(xml));
                }
            }
        } catch (IOException | XMLStreamException e) {
            throw new RefusedException("cannot read the list of bundles " + file + ": " + e.getMessage(), e);
        }
        return List.copyOf(bundles);
    }

    private BundleFile bundle(XMLStreamReader xml) throws XMLStreamException {
        String level = xml.getAttributeValue(null, "start-level");
        String url = xml.getElementText().strip();
        if (level == null || !level.matches("[1-9]\\d{0,2}")) {
            throw new RefusedException("the bundle " + url + " in " + file + " has no start-level between 1 and 999");
        }
        return new BundleFile(locate(url), Integer.parseInt(level));
    }

    private Path locate(String url) {
        String[] part = url.startsWith("mvn:") ? url.substring("mvn:".length()).split("/", -1) : new String[0];
        if (part.length != 3) {
            throw new RefusedException("the bundle " + url + " in " + file + " is not mvn:group/artifact/version");
        }
        return repository.resolve(part[0].replace('.', '/')).resolve(part[1]).resolve(part[2])
                .resolve(part[1] + "-" + part[2] + ".jar");
    }
}
