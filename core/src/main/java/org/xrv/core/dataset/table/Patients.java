package org.xrv.core.dataset.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xrv.core.dataset.files.DataFile;
import org.xrv.core.dataset.manifest.DataManifest;
import org.xrv.core.dataset.manifest.PatientRules;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** Whose image a row's is, as "SPACE:PATIENT". */
final class Patients {
  private final String space;
  private final boolean column;
  private final Optional<Pattern> pattern;
  private final Map<String, String> mapped;
  private final Optional<DataFile> file;

  /** By cell: images share their patient's. */
  private final Map<String, String> names = new HashMap<>();

  private int unmapped;

  Patients(DataManifest manifest, TableLocation location, Consumer<String> warnings) {
    PatientRules rules = manifest.patients();
    this.space = manifest.patientSpace();
    this.column = !manifest.table().columns().patient().isEmpty();
    this.pattern =
        rules.pattern().isEmpty()
            ? Optional.empty()
            : Optional.of(Pattern.compile(rules.pattern()));
    PatientRules.Mapping mapping = rules.mapping();
    this.file = mapping == null ? Optional.empty() : location.find(mapping.files());
    this.mapped = file.isPresent() ? read(file.get(), mapping) : Map.of();
    if (mapping != null && file.isEmpty()) {
      warnings.accept(
          manifest.name()
              + ": "
              + mapping.absent()
              + "; put "
              + String.join(" or ", mapping.files())
              + " into "
              + location.root());
    } else if (!column && mapping == null) {
      warnings.accept(
          manifest.name()
              + ": whose images they are is unknown: each counts as its own patient, so that one"
              + " person can be on both sides of a split"
              + (rules.shares().isEmpty() ? "" : ", and in the set " + rules.shares() + " too"));
    }
  }

  private static Map<String, String> read(DataFile file, PatientRules.Mapping mapping) {
    JsonNode root;
    try (InputStream in = file.open()) {
      root = new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          file + ": cannot be read as JSON: " + firstLine(e) + "; fetch it again",
          e);
    }
    Pattern pattern = Pattern.compile(mapping.pattern());
    Map<String, String> patients = new HashMap<>();
    for (JsonNode entry : root.findParents(mapping.id())) {
      Matcher matcher = pattern.matcher(entry.path(mapping.image()).asText());
      if (!matcher.find()) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            file
                + ": \""
                + mapping.image()
                + "\" of "
                + entry.path(mapping.id()).asText()
                + " is \""
                + entry.path(mapping.image()).asText()
                + "\", which names no patient; expected "
                + mapping.pattern());
      }
      patients.put(entry.path(mapping.id()).asText(), mapping.space() + ":" + matcher.group(1));
    }
    if (patients.isEmpty()) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          file + ": no entry has the key \"" + mapping.id() + "\"; fetch it again");
    }
    return patients;
  }

  private static String firstLine(IOException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  String of(TableRow row) {
    String known = mapped.get(row.text("image"));
    if (known != null) {
      return known;
    }
    unmapped++;
    String cell = row.text(column ? "patient" : "image");
    String named = names.get(cell);
    if (named == null) {
      named = name(cell, row);
      if (column) { // else each image is its own
        names.put(cell, named);
      }
    }
    return named;
  }

  private String name(String cell, TableRow row) {
    if (pattern.isEmpty()) {
      return space + ":" + cell;
    }
    Matcher matcher = pattern.get().matcher(cell);
    if (!matcher.find()) {
      throw row.problem(
          "column \""
              + row.heading("patient")
              + "\" is \""
              + cell
              + "\", which names no patient; expected "
              + pattern.get());
    }
    return space + ":" + matcher.group(1);
  }

  /** Says how many images the mapping leaves out; called when all rows were read. */
  void report(Consumer<String> warnings) {
    if (file.isPresent() && unmapped > 0) {
      warnings.accept(
          space
              + ": "
              + unmapped
              + " images are not in "
              + file.get()
              + ": each counts as its own patient, so that one person can be on both sides of a"
              + " split");
    }
  }

  /** The mapping's file, for a run's provenance. */
  Optional<DataFile> file() {
    return file;
  }
}
