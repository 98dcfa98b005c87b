package org.xrv.zoo.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.UserDirectories;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.PlacedReference;

/** Places, and how models are called there and kept here. */
class AddressTest {
  @Test
  void shouldTellHostsFromNamespaces() {
    Map<String, Optional<String>> places =
        Map.of(
            "ae",
            Optional.empty(),
            "mylab/ae:1.0.0",
            Optional.empty(),
            "ae:1.0.0@sha256:" + "0".repeat(64),
            Optional.empty(),
            "zoo.example.org/ae",
            Optional.of("zoo.example.org"),
            "xrv://zoo.example.org:5000/mylab/ae:1",
            Optional.of("zoo.example.org:5000"),
            "localhost/ae",
            Optional.of("localhost"),
            "[::1]:5000/ae:latest",
            Optional.of("[::1]:5000"));
    places.forEach((text, place) -> assertEquals(place, PlacedReference.parse(text).place(), text));
    assertEquals(
        "zoo.example.org:5000/mylab/ae:1",
        PlacedReference.parse("xrv://zoo.example.org:5000/mylab/ae:1").toString());
    for (String wrong : List.of("zoo.example.org/a/b/c", "a/b/c", "zoo.example.org/", "x.y/AE")) {
      ProblemException e =
          assertThrows(ProblemException.class, () -> PlacedReference.parse(wrong), wrong);
      assertEquals(ProblemKind.USAGE, e.kind());
    }
  }

  @Test
  void shouldSpeakPlainHttpWithThisMachineOnly() {
    assertEquals("https://zoo.example.org", RegistryAddress.ofHost("zoo.example.org").toString());
    assertEquals("http://localhost:5000", RegistryAddress.ofHost("localhost:5000").toString());
    assertEquals("http://127.0.0.1:5000", RegistryAddress.ofHost("127.0.0.1:5000").toString());
    assertEquals("http://zoo:80", RegistryAddress.parse("http://ZOO/").uri("").toString());
    assertEquals(
        "https://ghcr.io/org/team", RegistryAddress.parse("oci://ghcr.io/org/team/").toString());
    assertTrue(!RegistryAddress.ofHost("127.evil.example.org").isLoopback());
    for (String wrong :
        List.of(
            "ftp://x",
            "https://",
            "https://u:p@x",
            "https://x?y",
            "https://x#y",
            "https://x/A",
            "https://x:0",
            "oci://",
            "https://x y")) {
      assertThrows(ProblemException.class, () -> RegistryAddress.parse(wrong), wrong);
    }
  }

  @Test
  void shouldMapModelsToRepositoriesAndBack() {
    RegistryAddress plain = RegistryAddress.parse("https://x");
    RegistryAddress prefixed = RegistryAddress.parse("https://x/org/team");
    for (String name : List.of("ae", "mylab/ae")) {
      for (RegistryAddress address : List.of(plain, prefixed)) {
        ModelName model = ModelName.parse(name);
        assertEquals(Optional.of(model), address.model(address.repository(model)));
      }
    }
    assertEquals("library/ae", plain.repository(ModelName.parse("ae")));
    assertEquals("org/team/ae", prefixed.repository(ModelName.parse("ae")));
    for (String other : List.of("ae", "a/b/c", "A/b", "")) {
      assertEquals(Optional.empty(), plain.model(other), other);
    }
    for (String other : List.of("org/ae", "org/team/a/b/c", "org/team/library/ae", "org/team")) {
      assertEquals(Optional.empty(), prefixed.model(other), other);
    }
  }

  @Test
  void shouldKeepEachPlaceUnderANameOfItsOwn() {
    List<String> urls =
        List.of(
            "https://x",
            "https://x:5000",
            "http://x",
            "http://x:443",
            "https://x/a",
            "https://x/a/b",
            "https://y",
            "https://[::1]:5000");
    List<String> names =
        urls.stream().map(u -> RegistryAddress.parse(u).directory()).distinct().toList();
    assertEquals(urls.size(), names.size(), names.toString());
    assertTrue(names.stream().allMatch(n -> n.matches("[a-z0-9.+@\\[\\]-]+")), names.toString());
  }

  @Test
  void shouldFindOutWhichZooIsMeant() {
    UserDirectories home = UserDirectories.of(Map.of(), Path.of("/home/x"));
    UserPlaces local = UserPlaces.of(Optional.empty(), Optional.empty(), home, Map.of());
    assertEquals(Optional.empty(), local.address(Optional.empty()));
    assertEquals("https://a.b", local.address(Optional.of("a.b")).orElseThrow().toString());
    UserPlaces remote =
        UserPlaces.of(
            Optional.empty(), Optional.empty(), home, Map.of("XRV_ZOO", "http://a.b:80/p"));
    assertEquals("http://a.b/p", remote.address(Optional.empty()).orElseThrow().toString());
    assertEquals(Path.of("/home/x/.local/share/xrv/zoo"), remote.cache());
    assertThrows(ProblemException.class, () -> remote.address(Optional.of("c.d")));
    UserPlaces both =
        UserPlaces.of(
            Optional.of("https://a.b:5000"),
            Optional.empty(),
            home,
            Map.of("XRV_ZOO", "/zoo", "XRV_ZOO_CACHE", "/cache"));
    assertEquals(
        "https://a.b:5000", both.address(Optional.of("a.b:5000")).orElseThrow().toString());
    assertEquals(Path.of("/cache"), both.cache());
  }
}
