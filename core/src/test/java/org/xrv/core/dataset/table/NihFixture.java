package org.xrv.core.dataset.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.xrv.core.dataset.ImageFixtures;
import org.xrv.core.dataset.manifest.DataManifests;

/** A directory laid out as NIH ChestX-ray14 is, with a few small images. */
final class NihFixture {
  static final String HEADER_2020 =
      "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,"
          + "OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y]";
  static final String HEADER_2017 = HEADER_2020.replace("Gender", "Sex") + ",";
  static final String TABLE_2020 = "Data_Entry_2017_v2020.csv";
  static final String TABLE_2017 = "Data_Entry_2017.csv";
  static final String BOX_HEADER = "Image Index,Finding Label,Bbox [x,y,w,h],,,";
  static final String BOXES = "BBox_List_2017.csv";

  final Path root;
  final List<String> warnings = new ArrayList<>();

  NihFixture(Path root) {
    this.root = root;
  }

  NihFixture file(String name, String... lines) {
    try {
      Files.createDirectories(root.resolve(name).getParent());
      Files.writeString(root.resolve(name), String.join("\r\n", lines));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  NihFixture image(String path) {
    ImageFixtures.gray(root.resolve(path), 32);
    return this;
  }

  /** Four images of three patients. */
  NihFixture standardTable() {
    return file(
        TABLE_2020,
        HEADER_2020,
        "00000001_000.png,Cardiomegaly|Effusion,0,1,57,M,PA,2682,2749,0.143,0.143",
        "00000001_001.png,No Finding,1,1,58,M,AP,2894,2729,0.143,0.143",
        "00000002_000.png,Infiltration,0,2,80,F,PA,2500,2048,0.171,0.171",
        "00000003_000.png,No Finding,0,3,81,F,PA,2582,2991,0.143,0.143");
  }

  NihFixture standardImages(String folder) {
    return image(folder + "/00000001_000.png")
        .image(folder + "/00000001_001.png")
        .image(folder + "/00000002_000.png")
        .image(folder + "/00000003_000.png");
  }

  TableDataset open(String... views) {
    return open(root, views);
  }

  TableDataset open(Path directory, String... views) {
    return new TableDataset(
        DataManifests.builtIn("nih"), List.of(directory), Set.of(views), warnings::add);
  }
}
