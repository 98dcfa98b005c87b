package org.xrv.zoo.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.ModelVersions;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "list", description = "List the models and their versions.")
final class ListCommand implements Runnable {
  @ParentCommand private XrvZoo program;

  @Override
  public void run() {
    LocalZoo zoo = program.zoo();
    ArrayNode json = Json.array();
    List<String> lines = new ArrayList<>();
    for (ModelVersions model : zoo.list()) {
      List<String> versions = model.versions().keySet().stream().map(Object::toString).toList();
      ArrayNode array = json.addObject().put("name", model.name().toString()).putArray("versions");
      versions.forEach(array::add);
      lines.add(model.name() + "  " + String.join(" ", versions));
    }
    if (lines.isEmpty()) {
      program.remark("the zoo " + zoo.root() + " is empty");
    }
    if (!lines.isEmpty() || program.isJson()) {
      program.result(json, String.join(System.lineSeparator(), lines));
    }
  }
}
