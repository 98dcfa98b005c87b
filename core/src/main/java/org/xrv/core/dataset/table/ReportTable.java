package org.xrv.core.dataset.table;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.xrv.core.dataset.files.DataFile;
import org.xrv.core.dataset.files.DataFolder;
import org.xrv.core.dataset.manifest.TableLayout;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * A directory of Open-i's XML reports as a table: a row for each image that a report names, with
 * the report's id as its patient and the report's terms, joined by |, as its labels.
 */
final class ReportTable implements RowSource {
  private final DataFolder directory;
  private final TableLayout.Columns elements;

  /**
   * @param elements the XML elements: of patient and image the attribute "id", of labels the text
   */
  ReportTable(DataFolder directory, TableLayout.Columns elements) {
    this.directory = directory;
    this.elements = elements;
  }

  private record Report(String id, List<String> images, List<String> terms) {}

  @Override
  public void forEach(Consumer<TableRow> action) {
    XMLInputFactory factory = XMLInputFactory.newFactory();
    // A report needs neither, and both can reach for other files.
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    long number = 1;
    for (DataFile file : files(directory)) {
      Report report = read(file, factory);
      for (String image : report.images()) {
        number++;
        action.accept(new Row(file, number, image, report));
      }
    }
  }

  /** The XML files of a directory: 2.xml before 10.xml. */
  static List<DataFile> files(DataFolder directory) {
    return directory.files().stream()
        .filter(file -> !file.name().startsWith("."))
        .filter(file -> file.name().toLowerCase(Locale.ROOT).endsWith(".xml"))
        .sorted(
            Comparator.comparingInt((DataFile file) -> file.name().length())
                .thenComparing(DataFile::name))
        .toList();
  }

  private Report read(DataFile file, XMLInputFactory factory) {
    String id = "";
    List<String> images = new ArrayList<>();
    List<String> terms = new ArrayList<>();
    try (InputStream in = file.open()) {
      XMLStreamReader xml = factory.createXMLStreamReader(in);
      while (xml.hasNext()) {
        if (xml.next() != XMLStreamConstants.START_ELEMENT) {
          continue;
        }
        String element = xml.getLocalName();
        if (elements.patient().contains(element)) {
          id = attribute(xml);
        } else if (elements.image().contains(element)) {
          images.add(attribute(xml));
        } else if (elements.labels().contains(element)) {
          terms.add(xml.getElementText().strip());
        }
      }
    } catch (IOException | XMLStreamException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          file
              + ": cannot be read as XML: "
              + String.valueOf(e.getMessage()).replaceAll("\\s+", " ")
              + "; fetch it again",
          e);
    }
    return new Report(id, images, terms);
  }

  private static String attribute(XMLStreamReader xml) {
    String id = xml.getAttributeValue(null, "id");
    return id == null ? "" : id.strip();
  }

  private final class Row extends TableRow {
    private final DataFile file;
    private final long number;
    private final String image;
    private final Report report;

    Row(DataFile file, long number, String image, Report report) {
      this.file = file;
      this.number = number;
      this.image = image;
      this.report = report;
    }

    @Override
    String place() {
      return file.toString();
    }

    @Override
    long number() {
      return number;
    }

    @Override
    String get(String key) {
      return switch (key) {
        case "image" -> image;
        case "patient" -> report.id();
        case "labels" -> String.join("|", report.terms());
        default -> "";
      };
    }

    @Override
    String heading(String key) {
      return elements.required().getOrDefault(key, List.of(key)).get(0);
    }
  }
}
