package org.xrv.core.dataset.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xrv.core.dataset.table.Layouts.each;
import static org.xrv.core.dataset.table.Layouts.present;
import static org.xrv.core.dataset.table.Layouts.sample;
import static org.xrv.core.dataset.table.Layouts.with;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.Sample;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** MIMIC-CXR-JPG, whose rows are spread over three tables, and CheXpert, which labels alike. */
class JoinedSetsTest {
  private static final String META = "mimic-cxr-2.0.0-metadata.csv";
  private static final String LABELS = "mimic-cxr-2.0.0-chexpert.csv";
  private static final String SPLIT = "mimic-cxr-2.0.0-split.csv";
  private static final String META_HEADER =
      "dicom_id,subject_id,study_id,PerformedProcedureStepDescription,ViewPosition,Rows,Columns,"
          + "StudyDate,StudyTime,ProcedureCodeSequence_CodeMeaning,"
          + "ViewCodeSequence_CodeMeaning,PatientOrientationCodeSequence_CodeMeaning";
  private static final String LABEL_HEADER =
      "subject_id,study_id,Atelectasis,Cardiomegaly,Consolidation,Edema,"
          + "Enlarged Cardiomediastinum,Fracture,Lung Lesion,Lung Opacity,No Finding,"
          + "Pleural Effusion,Pleural Other,Pneumonia,Pneumothorax,Support Devices";

  @TempDir Path root;

  private Layouts mimic() {
    return new Layouts("mimic", root)
        .images(
            "files/p10/p10000032/s50414267/a-1.jpg",
            "files/p10/p10000032/s50414268/a-2.jpg",
            "files/p11/p11000000/s50000000/b-1.jpg")
        .gzipped(
            META + ".gz",
            META_HEADER,
            "a-1,10000032,50414267,CHEST (PA AND LAT),PA,1280,1130,21500101,101010.0,X,Y,Erect",
            "a-2,10000032,50414268,\"CHEST\n(AP)\",AP,1280,1130,21500101,101010.0,X,Y,Erect",
            "b-1,11000000,50000000,CHEST,,1280,1130,21500101,101010.0,X,Y,Erect")
        .gzipped(
            LABELS + ".gz",
            LABEL_HEADER,
            "10000032,50414267,,,,,,,,,1.0,,,,,1.0",
            "10000032,50414268,1.0,-1.0,0.0,,,,,,,1.0,,,,")
        .gzipped(
            SPLIT + ".gz",
            "dicom_id,study_id,subject_id,split",
            "a-1,50414267,10000032,train",
            "a-2,50414268,10000032,validate");
  }

  @Test
  void shouldJoinTheTables() {
    Layouts mimic = mimic();
    TableDataset dataset = mimic.open();
    assertEquals(List.of(), mimic.warnings);
    assertEquals(List.of("PA", "AP", ""), each(dataset, Sample::view));
    assertEquals(
        List.of("mimic:10000032", "mimic:10000032", "mimic:11000000"),
        each(dataset, Sample::patient));
    assertEquals(List.of("train", "validate", ""), each(dataset, Sample::split));
    // 1 in No Finding is 0 in the 13 others, whatever they say.
    assertEquals(13, dataset.samples().get(0).labels().size());
    assertEquals("", present(dataset.samples().get(0)));
    assertEquals("", with(dataset.samples().get(0), Finding.UNKNOWN));
    Sample uncertain = dataset.samples().get(1);
    assertEquals("Atelectasis,Effusion", present(uncertain));
    assertEquals("Consolidation", with(uncertain, Finding.ABSENT));
    assertEquals(Finding.UNKNOWN, uncertain.label("Cardiomegaly"));
    assertEquals("", with(dataset.samples().get(2), Finding.ABSENT));
    assertEquals(8, dataset.image(uncertain, 8).width());
  }

  @Test
  void shouldTakeOneSideOfTheOfficialSplit() {
    assertEquals(List.of("a-1"), each(mimic().variant("mimic/train"), Sample::id));
    assertEquals(List.of("a-2"), each(mimic().variant("mimic/validate"), Sample::id));
    ProblemException e = assertThrows(ProblemException.class, () -> mimic().variant("mimic/test"));
    assertTrue(e.getMessage().contains("no row passes"), e.getMessage());
  }

  @Test
  void shouldSayWhichTableIsMissing() throws java.io.IOException {
    Layouts mimic = mimic();
    java.nio.file.Files.delete(root.resolve(SPLIT + ".gz"));
    assertEquals(List.of("", "", ""), each(mimic.open(), Sample::split));
    java.nio.file.Files.delete(root.resolve(LABELS + ".gz"));
    ProblemException e = assertThrows(ProblemException.class, () -> mimic.open());
    assertEquals(ProblemKind.BAD_DATA, e.kind());
    assertTrue(
        e.getMessage()
            .equals(
                "MIMIC-CXR-JPG: no "
                    + LABELS
                    + " (or .gz or .zip of it) beside "
                    + root.resolve(META + ".gz")
                    + "; put it there"),
        e.getMessage());
  }

  @Test
  void shouldNameABrokenLabelATwiceLabelledStudyAndAMissingColumn() {
    Layouts mimic = mimic();
    mimic.gzipped(LABELS + ".gz", LABEL_HEADER, "10000032,50414267,2.0,,,,,,,,,,,,,");
    ProblemException e = assertThrows(ProblemException.class, () -> mimic.open());
    assertTrue(
        e.getMessage()
            .contains(
                META
                    + ".gz, row 2: column \"Atelectasis\" is \"2.0\"; expected one of 1.0, 1"
                    + " (present), 0.0, 0 (absent), "),
        e.getMessage());
    mimic.gzipped(
        LABELS + ".gz",
        LABEL_HEADER,
        "10000032,50414267,1.0,,,,,,,,,,,,,",
        "10000032,50414267,0.0,,,,,,,,,,,,,");
    e = assertThrows(ProblemException.class, () -> mimic.open());
    assertTrue(
        e.getMessage().contains(LABELS + ".gz, row 3: a second row for 10000032, 50414267"),
        e.getMessage());
    mimic.gzipped(LABELS + ".gz", LABEL_HEADER.replace("Edema", "Oedema"));
    e = assertThrows(ProblemException.class, () -> mimic.open());
    assertTrue(e.getMessage().contains("no column \"Edema\"; the columns are"), e.getMessage());
  }

  @Test
  void shouldRefuseARowThatLeadsOutOfTheSet() {
    Layouts mimic = mimic();
    mimic.gzipped(
        META + ".gz", META_HEADER, "../../../../../../x,10000032,50414267,C,PA,1,1,1,1,X,Y,Erect");
    ProblemException e = assertThrows(ProblemException.class, () -> mimic.open());
    assertTrue(e.getMessage().contains("which is not in the data set"), e.getMessage());
  }

  @Test
  void shouldReadMimicInItsOriginalLayout() {
    Layouts layout = Layouts.original("mimic", "MIMIC-CXR-JPG_SYNTHETIC_IDS");
    TableDataset dataset = layout.open();
    assertEquals(8, dataset.samples().size());
    assertEquals(5, dataset.samples().stream().map(Sample::patient).distinct().count());
    assertEquals("Edema", present(sample(dataset, "c9ed3c0a")));
    assertEquals("Pneumothorax", with(sample(dataset, "c9ed3c0a"), Finding.ABSENT));
    assertEquals("Effusion", present(sample(dataset, "784ab127")));
    assertEquals("", present(sample(dataset, "d6ece20a")));
    assertEquals("test", sample(dataset, "d6ece20a").split());
    assertEquals("Lung Opacity", present(sample(dataset, "efa87b10")));
    assertEquals(4, layout.open("PA").samples().size());
    assertEquals(5, layout.variant("mimic/train").samples().size());
    assertEquals(8, layout.variant("mimic/negbio").samples().size());
    assertEquals(64, dataset.image(dataset.samples().get(0), 64).width());
  }

  @Test
  void shouldReadChexpertInItsOriginalLayout() {
    Layouts layout = Layouts.original("chex", "CheXpert_SYNTHETIC_IDS");
    TableDataset dataset = layout.open();
    assertEquals(List.of("PA", "AP", "PA", "LATERAL"), each(dataset, Sample::view));
    assertEquals(
        List.of("chex:patient99991", "chex:patient99992", "chex:patient99993", "chex:patient99993"),
        each(dataset, Sample::patient));
    // 1 in No Finding says nothing about devices.
    assertEquals("Support Devices", with(dataset.samples().get(0), Finding.UNKNOWN));
    assertEquals("", present(dataset.samples().get(0)));
    Sample second = dataset.samples().get(1);
    assertEquals(
        "Cardiomegaly,Effusion,Enlarged Cardiomediastinum,Support Devices", present(second));
    assertEquals("Consolidation", with(second, Finding.ABSENT));
    assertEquals(Finding.UNKNOWN, second.label("Edema"));
    assertEquals(new Person("Male", OptionalDouble.of(61)), dataset.person(second));
    assertEquals(64, dataset.image(second, 64).width());
    assertEquals(2, layout.open("PA").samples().size());
  }
}
