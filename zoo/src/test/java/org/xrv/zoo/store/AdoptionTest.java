package org.xrv.zoo.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xrv.zoo.store.Packages.model;
import static org.xrv.zoo.store.Packages.ref;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.Digest;

/** What a source may offer whose bytes are all right, but which no push would have published. */
class AdoptionTest {
  @TempDir Path folder;

  /** Blobs in memory. */
  private static final class Offer implements BlobSource {
    private final Map<Digest, byte[]> blobs = new HashMap<>();

    private Blob add(byte[] bytes) {
      blobs.put(Digest.of(bytes), bytes);
      return Blob.of(bytes);
    }

    /** Offers a directory whatever it holds. */
    private Blob add(Path directory) throws IOException {
      List<PackageFile> files = PackageDirectory.read(directory);
      for (PackageFile file : files) {
        add(Files.readAllBytes(file.path().in(directory)));
      }
      return add(new Manifest(add(new byte[] {'{', '}'}), files).toJson());
    }

    @Override
    public boolean has(Digest digest) {
      return blobs.containsKey(digest);
    }

    @Override
    public Optional<InputStream> open(Digest digest) {
      return Optional.ofNullable(blobs.get(digest)).map(ByteArrayInputStream::new);
    }

    @Override
    public String title() {
      return "the offer";
    }

    @Override
    public String remedy() {
      return "offer it again";
    }
  }

  private String refused(ProblemKind kind, Blob manifest, Offer offer) {
    LocalZoo zoo = new LocalZoo(folder.resolve("zoo"));
    ProblemException e =
        assertThrows(
            ProblemException.class,
            () -> zoo.adopt(List.of(new IndexEntry(model("ae:1.0.0"), manifest)), offer));
    assertEquals(kind, e.kind(), e.getMessage());
    assertEquals(List.of(), zoo.list());
    return e.getMessage();
  }

  @Test
  void shouldTakeWhatIsProvenOnly() throws IOException {
    Path directory = Packages.write(folder.resolve("one"), "one");
    Offer offer = new Offer();
    Blob sound = offer.add(directory);
    Packages.prove(directory, 0.5);
    String message = refused(ProblemKind.PARITY, offer.add(directory), offer);
    assertTrue(message.contains("the offer: ae:1.0.0") && message.contains("0.5"), message);
    Files.delete(directory.resolve("parity.json"));
    refused(ProblemKind.PARITY, offer.add(directory), offer);
    LocalZoo zoo = new LocalZoo(folder.resolve("zoo"));
    zoo.adopt(List.of(new IndexEntry(model("ae:1.0.0"), sound)), offer);
    assertEquals(sound.digest(), zoo.pull(ref("ae")).digest());
  }

  @Test
  void shouldRefuseAModelThatSaysItIsAnother() throws IOException {
    Offer offer = new Offer();
    Path directory =
        Packages.write(
            folder.resolve("one"), "{\"name\":\"other\",\"version\":\"1.0.0\"}", "one", 100);
    assertTrue(refused(ProblemKind.BAD_DATA, offer.add(directory), offer).contains("other:1.0.0"));
  }

  @Test
  void shouldRefuseLiesAboutSizes() throws IOException {
    Offer offer = new Offer();
    Blob manifest = offer.add(Packages.write(folder.resolve("one"), "one"));
    for (long size : new long[] {0, manifest.size() - 1, manifest.size() + 1}) {
      refused(ProblemKind.DIGEST_MISMATCH, new Blob(manifest.digest(), size), offer);
    }
    refused(ProblemKind.BAD_DATA, new Blob(manifest.digest(), 1L << 40), offer);
    refused(
        ProblemKind.BAD_DATA,
        offer.add("[".repeat(100_000).getBytes(StandardCharsets.US_ASCII)),
        offer);
  }
}
