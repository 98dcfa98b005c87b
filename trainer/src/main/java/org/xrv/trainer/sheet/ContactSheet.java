package org.xrv.trainer.sheet;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.Sample;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.GrayImage;
import org.xrv.core.image.Preprocessing;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.random.KeyedRandom;
import org.xrv.explainer.render.Lettering;

/**
 * A sheet of X-rays with what the data set says about them: id, view, findings, and the outlines of
 * the findings' masks in colours that tell them apart, as the letters below do.
 */
public final class ContactSheet {
  private static final int MARGIN = 16;
  private static final int GAP = 12;
  private static final int LETTERS = 13;
  private static final int LINE = 18;
  private static final int CAPTION_LINES = 3;
  private static final Color GROUND = new Color(0x16181b);
  private static final Color TEXT = new Color(0xe8e8e8);
  private static final Color QUIET = new Color(0x9aa0a6);

  /** Okabe and Ito's colours, which people with colour blindness tell apart; those seen on grey. */
  private static final List<Color> COLOURS =
      List.of(
          new Color(0xE69F00),
          new Color(0x56B4E9),
          new Color(0x009E73),
          new Color(0xF0E442),
          new Color(0xD55E00),
          new Color(0xCC79A7),
          new Color(0x3B82F6));

  private final Dataset dataset;
  private final int side;

  /**
   * @param side of each picture in pixels
   */
  public ContactSheet(Dataset dataset, int side) {
    if (side < 32 || side > 2048) {
      throw new ProblemException(
          ProblemKind.USAGE, "pictures of " + side + " pixels; expected 32 to 2048");
    }
    this.dataset = dataset;
    this.side = side;
  }

  /**
   * Draws a random choice of the samples, the same for the same seed, in the data set's order.
   *
   * @param target show only images with this finding, and only its masks
   * @return how many were drawn
   * @throws ProblemException USAGE when no image has the finding
   */
  public int write(Path file, int count, Optional<String> target, long seed) {
    List<Sample> chosen = choose(count, target, seed);
    List<Cell> cells = new ArrayList<>();
    Map<String, Color> colours = colours(chosen, target);
    for (Sample sample : chosen) {
      cells.add(cell(sample, target));
    }
    BufferedImage sheet = draw(cells, colours, title(chosen.size(), target));
    AtomicFiles.write(
        file,
        out -> {
          if (!ImageIO.write(sheet, "png", out)) {
            throw new java.io.IOException("this JDK writes no PNG");
          }
        });
    return chosen.size();
  }

  private List<Sample> choose(int count, Optional<String> target, long seed) {
    if (count < 1 || count > 400) {
      throw new ProblemException(ProblemKind.USAGE, count + " pictures; expected 1 to 400");
    }
    List<Sample> all = dataset.samples();
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (target.isEmpty() || all.get(i).label(target.get()) == Finding.PRESENT) {
        positions.add(i);
      }
    }
    if (positions.isEmpty()) {
      TreeSet<String> known = new TreeSet<>();
      all.forEach(s -> known.addAll(s.labels().keySet()));
      throw new ProblemException(
          ProblemKind.USAGE,
          "no image of "
              + dataset.name()
              + " has "
              + target.orElse("")
              + "; its findings are "
              + (known.isEmpty() ? "unknown" : String.join(", ", known)));
    }
    KeyedRandom.of(seed, "sheet").shuffle(positions);
    return positions.subList(0, Math.min(count, positions.size())).stream()
        .sorted()
        .map(all::get)
        .toList();
  }

  private String title(int shown, Optional<String> target) {
    return dataset.name()
        + ": "
        + shown
        + " of "
        + dataset.samples().size()
        + " images"
        + target.map(t -> ", with " + t).orElse("");
  }

  private static Map<String, Color> colours(List<Sample> samples, Optional<String> target) {
    TreeSet<String> present = new TreeSet<>();
    for (Sample sample : samples) {
      sample
          .labels()
          .forEach(
              (name, finding) -> {
                if (finding == Finding.PRESENT && target.map(name::equals).orElse(true)) {
                  present.add(name);
                }
              });
    }
    Map<String, Color> colours = new TreeMap<>();
    present.forEach(t -> colours.put(t, COLOURS.get(colours.size() % COLOURS.size())));
    return colours;
  }

  private Cell cell(Sample sample, Optional<String> target) {
    List<String> present = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    sample
        .labels()
        .forEach(
            (name, finding) -> {
              if (finding == Finding.PRESENT) {
                present.add(name.replace('_', ' '));
              } else if (finding == Finding.UNKNOWN) {
                unknown.add(name.replace('_', ' '));
              }
            });
    String labels =
        sample.labels().isEmpty()
            ? "labels unknown"
            : present.isEmpty() ? "no finding" : String.join(", ", present);
    List<String> captions = new ArrayList<>();
    captions.add(sample.id() + (sample.view().isEmpty() ? "" : "  " + sample.view()));
    captions.add(labels);
    if (!unknown.isEmpty()) {
      captions.add("unknown: " + String.join(", ", unknown));
    }
    try {
      GrayImage image = dataset.image(sample, side);
      Map<String, GrayImage> masks = new LinkedHashMap<>();
      sample
          .labels()
          .forEach(
              (name, finding) -> {
                if (finding == Finding.PRESENT && target.map(name::equals).orElse(true)) {
                  dataset.mask(sample, name, side).ifPresent(mask -> masks.put(name, mask));
                }
              });
      return new Cell(Optional.of(image), masks, captions);
    } catch (ProblemException e) {
      if (e.kind() != ProblemKind.BAD_DATA) {
        throw e;
      }
      captions.add("cannot be read");
      return new Cell(Optional.empty(), Map.of(), captions);
    }
  }

  private BufferedImage draw(List<Cell> cells, Map<String, Color> colours, String title) {
    int columns = Math.min(cells.size(), (int) Math.ceil(Math.sqrt(cells.size() * 4 / 3.0)));
    int rows = (cells.size() + columns - 1) / columns;
    int lines =
        Math.min(CAPTION_LINES, cells.stream().mapToInt(c -> c.captions().size()).max().orElse(0));
    int cellHeight = side + lines * LINE + 4;
    int header = 2 * LINE + 8;
    int width = 2 * MARGIN + columns * (side + GAP) - GAP;
    BufferedImage sheet =
        new BufferedImage(
            width,
            2 * MARGIN + header + rows * (cellHeight + GAP) - GAP,
            BufferedImage.TYPE_INT_RGB);
    Graphics2D g = sheet.createGraphics();
    g.setColor(GROUND);
    g.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
    Lettering letters = new Lettering(g, LETTERS);
    letters.left(title, MARGIN, MARGIN + LETTERS, width - 2 * MARGIN, TEXT, true);
    legend(letters, cells, colours, width);
    for (int i = 0; i < cells.size(); i++) {
      int left = MARGIN + i % columns * (side + GAP);
      int top = MARGIN + header + i / columns * (cellHeight + GAP);
      draw(sheet, g, letters, cells.get(i), colours, left, top);
    }
    g.dispose();
    return sheet;
  }

  /** The findings that have an outline somewhere, each in its colour. */
  private static void legend(
      Lettering letters, List<Cell> cells, Map<String, Color> colours, int width) {
    int x = MARGIN;
    int y = MARGIN + LINE + LETTERS;
    for (Map.Entry<String, Color> entry : colours.entrySet()) {
      if (cells.stream().noneMatch(c -> outlined(c, entry.getKey()))) {
        continue;
      }
      String name = entry.getKey().replace('_', ' ');
      letters.left(name, x, y, width - MARGIN - x, entry.getValue(), true);
      x += letters.width(name) + 2 * GAP;
    }
  }

  private static boolean outlined(Cell cell, String target) {
    GrayImage mask = cell.masks().get(target);
    if (mask == null) {
      return false;
    }
    for (float p : mask.pixels()) {
      if (p >= 0.5f) {
        return true;
      }
    }
    return false;
  }

  private void draw(
      BufferedImage sheet,
      Graphics2D g,
      Lettering letters,
      Cell cell,
      Map<String, Color> colours,
      int left,
      int top) {
    if (cell.image().isPresent()) {
      pixels(sheet, cell.image().get(), left, top);
      g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      cell.masks()
          .forEach(
              (target, mask) -> {
                // A dark line below the bright one keeps it visible on bone.
                var outline = Outline.of(mask, left, top);
                g.setColor(new Color(0, 0, 0, 150));
                g.setStroke(new BasicStroke(3.5f));
                g.draw(outline);
                g.setColor(colours.get(target));
                g.setStroke(new BasicStroke(1.6f));
                g.draw(outline);
              });
    } else {
      g.setColor(QUIET);
      g.setStroke(new BasicStroke(1));
      g.drawRect(left, top, side - 1, side - 1);
    }
    int y = top + side + LINE - 3;
    for (int i = 0; i < Math.min(CAPTION_LINES, cell.captions().size()); i++) {
      letters.left(cell.captions().get(i), left, y, side, i == 1 ? TEXT : QUIET, i == 1);
      y += LINE;
    }
  }

  private static void pixels(BufferedImage sheet, GrayImage image, int left, int top) {
    for (int row = 0; row < image.height(); row++) {
      for (int column = 0; column < image.width(); column++) {
        float share = (image.at(row, column) / Preprocessing.RANGE + 1) / 2;
        int grey = Math.round(255 * Math.max(0, Math.min(1, share)));
        sheet.setRGB(left + column, top + row, grey << 16 | grey << 8 | grey);
      }
    }
  }
}
