package org.xrv.core.error;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuggestionsTest {
  private static final List<String> KNOWN = List.of("batch", "epochs", "lr", "Cardiomegaly");

  @Test
  void shouldFindTheNearestName() {
    assertEquals(Optional.of("batch"), Suggestions.nearest("btach", KNOWN));
    assertEquals(Optional.of("epochs"), Suggestions.nearest("epoch", KNOWN));
    assertEquals(Optional.of("Cardiomegaly"), Suggestions.nearest("cardiomegali", KNOWN));
    assertEquals("; did you mean 'lr'?", Suggestions.didYouMean("rl", KNOWN));
  }

  @Test
  void shouldFindNothingWhenNothingIsNear() {
    assertEquals(Optional.empty(), Suggestions.nearest("resolution", KNOWN));
    assertEquals("", Suggestions.didYouMean("resolution", KNOWN));
    assertEquals(Optional.empty(), Suggestions.nearest("lr", List.of()));
  }
}
