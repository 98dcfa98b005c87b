package org.xrv.zoo.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.xrv.zoo.name.PlacedReference;
import org.xrv.zoo.query.ModelComparison;
import org.xrv.zoo.store.Blob;
import org.xrv.zoo.store.ModelDetails;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "diff",
    description = "Two versions side by side: what differs in their descriptions, metrics, files.")
final class DiffCommand implements Runnable {
  /** The widest cell of the table; --json has everything in full. */
  private static final int WIDEST = 40;

  private static final String NONE = "-";

  @ParentCommand private XrvZoo program;

  @Parameters(index = "0", paramLabel = "A", description = "A REF, such as ae-resnet101:1.1.")
  private String a;

  @Parameters(index = "1", paramLabel = "B", description = "A REF, such as ae-resnet101:1.2.")
  private String b;

  @Override
  public void run() {
    ModelDetails left = show(PlacedReference.parse(a));
    ModelDetails right = show(PlacedReference.parse(b));
    ModelComparison comparison = ModelComparison.of(left, right);
    program.result(json(left, right, comparison), table(left, right, comparison));
  }

  private ModelDetails show(PlacedReference reference) {
    return program
        .remote(reference.place())
        .map(zoo -> zoo.show(reference.model()))
        .orElseGet(() -> program.zoo().show(reference.model()));
  }

  private static ObjectNode json(ModelDetails left, ModelDetails right, ModelComparison c) {
    ObjectNode json = Json.object().put("same", left.digest().equals(right.digest()));
    json.set("a", Json.model(left.model(), left.digest()));
    json.set("b", Json.model(right.model(), right.digest()));
    fields(json.putArray("metadata"), c.metadata());
    fields(json.putArray("metrics"), c.metrics());
    ArrayNode files = json.putArray("files");
    for (ModelComparison.FilePair file : c.files()) {
      ObjectNode one = files.addObject().put("path", file.path()).put("same", file.isSame());
      file.a().ifPresent(blob -> one.set("a", blob(blob)));
      file.b().ifPresent(blob -> one.set("b", blob(blob)));
    }
    return json;
  }

  private static void fields(ArrayNode array, List<ModelComparison.Field> fields) {
    for (ModelComparison.Field field : fields) {
      ObjectNode one = array.addObject().put("name", field.name()).put("same", field.isSame());
      field.a().ifPresent(value -> one.set("a", value));
      field.b().ifPresent(value -> one.set("b", value));
      field.change().ifPresent(change -> one.put("change", change));
    }
  }

  private static ObjectNode blob(Blob blob) {
    return Json.object().put("digest", blob.digest().toString()).put("size", blob.size());
  }

  private static String table(ModelDetails left, ModelDetails right, ModelComparison c) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("", left.model().toString(), right.model().toString(), ""));
    rows.add(
        List.of(
            "manifest",
            "sha256:" + left.digest().abbreviated(),
            "sha256:" + right.digest().abbreviated(),
            word(left.digest().equals(right.digest()))));
    for (ModelComparison.Field field : c.metadata()) {
      if (!field.isSame()) {
        rows.add(List.of(field.name(), cell(field.a()), cell(field.b()), word(false)));
      }
    }
    for (ModelComparison.Field field : c.metrics()) {
      rows.add(List.of(field.name(), cell(field.a()), cell(field.b()), change(field)));
    }
    for (ModelComparison.FilePair file : c.files()) {
      rows.add(List.of(file.path(), described(file.a()), described(file.b()), word(file.isSame())));
    }
    int[] widths = new int[3];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    String format = "%-" + widths[0] + "s  %-" + widths[1] + "s  %-" + widths[2] + "s  %s";
    long same = c.metadata().stream().filter(ModelComparison.Field::isSame).count();
    Stream<String> lines =
        rows.stream().map(r -> String.format(Locale.ROOT, format, r.toArray()).stripTrailing());
    return String.join(
        System.lineSeparator(),
        Stream.concat(lines, Stream.of(same + " other values of the descriptions are the same"))
            .toList());
  }

  private static String change(ModelComparison.Field field) {
    if (field.isSame() || field.change().isEmpty()) {
      return word(field.isSame());
    }
    return String.format(Locale.ROOT, "%+.4g", field.change().getAsDouble());
  }

  private static String word(boolean same) {
    return same ? "same" : "differs";
  }

  private static String cell(Optional<JsonNode> value) {
    String text =
        value
            .map(v -> v.isTextual() ? v.asText() : v.toString())
            .orElse(NONE)
            .replaceAll("\\s+", " ");
    return text.length() <= WIDEST ? text : text.substring(0, WIDEST - 3) + "...";
  }

  private static String described(Optional<Blob> blob) {
    return blob.map(
            b -> String.format(Locale.ROOT, "sha256:%s %,d", b.digest().abbreviated(), b.size()))
        .orElse(NONE);
  }
}
