package org.xrv.trainer.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** Data sets of any size whose image files are empty, to measure how fast they are opened. */
public enum EmptyCopy {
  /** One table, one folder. */
  NIH("nih") {
    @Override
    void write(Path root, int rows) throws IOException {
      Path images = Files.createDirectories(root.resolve("images"));
      try (Writer table = Files.newBufferedWriter(root.resolve("Data_Entry_2017_v2020.csv"))) {
        table.write(
            "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,"
                + "View Position,OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y]\n");
        for (int row = 0; row < rows; row++) {
          int patient = row / 4 + 1;
          String image = String.format(Locale.ROOT, "%08d_%03d.png", patient, row % 4);
          table.write(
              image
                  + ','
                  + NIH_LABELS[row % NIH_LABELS.length]
                  + ','
                  + row % 4
                  + ','
                  + patient
                  + ','
                  + (20 + patient % 70)
                  + (patient % 2 == 0 ? ",F," : ",M,")
                  + (row % 5 < 3 ? "PA" : "AP")
                  + ",2682,2749,0.143,0.143\n");
          Files.createFile(images.resolve(image));
        }
      }
    }
  },
  /** A table and two that are joined to it, packed; a folder for each patient and study. */
  MIMIC("mimic") {
    @Override
    void write(Path root, int rows) throws IOException {
      try (Writer images = packed(root, "mimic-cxr-2.0.0-metadata.csv.gz");
          Writer labels = packed(root, "mimic-cxr-2.0.0-chexpert.csv.gz");
          Writer splits = packed(root, "mimic-cxr-2.0.0-split.csv.gz")) {
        images.write(
            "dicom_id,subject_id,study_id,PerformedProcedureStepDescription,ViewPosition,Rows,"
                + "Columns,StudyDate,StudyTime,ProcedureCodeSequence_CodeMeaning,"
                + "ViewCodeSequence_CodeMeaning,PatientOrientationCodeSequence_CodeMeaning\n");
        labels.write(
            "subject_id,study_id,Atelectasis,Cardiomegaly,Consolidation,Edema,"
                + "Enlarged Cardiomediastinum,Fracture,Lung Lesion,Lung Opacity,No Finding,"
                + "Pleural Effusion,Pleural Other,Pneumonia,Pneumothorax,Support Devices\n");
        splits.write("dicom_id,study_id,subject_id,split\n");
        Path folder = root;
        for (int row = 0; row < rows; row++) {
          // As there: some six images of a patient, 1.7 of a study.
          int patient = 10_000_000 + row / 6 * 29;
          int study = 50_000_000 + row / 2 * 13;
          String image =
              String.format(
                  Locale.ROOT,
                  "%08x-%08x-%08x-%08x-%08x",
                  row * 0x9E3779B9,
                  row * 0x85EBCA6B,
                  row * 0xC2B2AE35,
                  row * 0x27D4EB2F,
                  row);
          images.write(
              image
                  + ','
                  + patient
                  + ','
                  + study
                  + ",CHEST (PA AND LAT),"
                  + (row % 2 == 0 ? "PA" : "LATERAL")
                  + ",3056,2544,21800506,213014.531,CHEST (PA AND LAT),postero-anterior,Erect\n");
          splits.write(
              image + ',' + study + ',' + patient + (row % 90 < 2 ? ",test\n" : ",train\n"));
          if (row % 2 == 0) {
            labels.write(patient + "," + study + MIMIC_LABELS[row / 2 % MIMIC_LABELS.length]);
            String of = String.valueOf(patient);
            folder =
                Files.createDirectories(
                    root.resolve("files/p" + of.substring(0, 2) + "/p" + of + "/s" + study));
          }
          Files.createFile(folder.resolve(image + ".jpg"));
        }
      }
    }
  };

  private static final String[] NIH_LABELS = {
    "No Finding",
    "No Finding",
    "Cardiomegaly|Effusion",
    "Infiltration",
    "Atelectasis|Effusion|Infiltration",
    "Mass",
    "No Finding",
    "Pneumothorax|Emphysema",
    "Nodule|Pleural_Thickening"
  };

  private static final String[] MIMIC_LABELS = {
    ",,,,,,,,,1.0,,,,,\n",
    ",1.0,,,,,,,1.0,,1.0,,-1.0,,\n",
    ",,1.0,,0.0,,,,,,,,,0.0,1.0\n",
    ",-1.0,,,,,,,,,,,,,\n"
  };

  private final String set;

  EmptyCopy(String set) {
    this.set = set;
  }

  /** The name that the set goes by. */
  public String set() {
    return set;
  }

  /**
   * Writes tables of so many rows, and an empty file for each.
   *
   * @param root a directory in which the set is not yet
   */
  public final void writeTo(Path root, int rows) {
    try {
      write(root, rows);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  abstract void write(Path root, int rows) throws IOException;

  private static Writer packed(Path root, String name) throws IOException {
    return new BufferedWriter(
        new OutputStreamWriter(
            new GZIPOutputStream(Files.newOutputStream(root.resolve(name)), 1 << 16),
            StandardCharsets.UTF_8));
  }
}
