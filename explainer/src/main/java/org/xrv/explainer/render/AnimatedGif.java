package org.xrv.explainer.render;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;

/** An endlessly looping GIF of 256 greys. */
final class AnimatedGif {
  private static final String STREAM = "javax_imageio_gif_stream_1.0";
  private static final String FORMAT = "javax_imageio_gif_image_1.0";
  private static final IndexColorModel GREYS = greys();

  private AnimatedGif() {}

  private static IndexColorModel greys() {
    byte[] levels = new byte[256];
    for (int i = 0; i < 256; i++) {
      levels[i] = (byte) i;
    }
    return new IndexColorModel(8, 256, levels, levels, levels);
  }

  /** The red channel of a picture as indices into the greys. */
  static BufferedImage indexed(BufferedImage picture) {
    BufferedImage grey =
        new BufferedImage(
            picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, GREYS);
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        grey.getRaster().setSample(x, y, 0, picture.getRGB(x, y) >> 16 & 0xFF);
      }
    }
    return grey;
  }

  /**
   * Writes frames of one size.
   *
   * @param hundredths how long each is shown, in 1/100 s
   */
  static void write(List<BufferedImage> frames, int hundredths, OutputStream out)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.prepareWriteSequence(stream(writer, frames.get(0)));
      for (int i = 0; i < frames.size(); i++) {
        // Not createFromRenderedImage, which takes every indexed image for one of web colours.
        IIOMetadata metadata =
            writer.getDefaultImageMetadata(new ImageTypeSpecifier(frames.get(i)), null);
        metadata.mergeTree(FORMAT, timing(hundredths, i == 0));
        writer.writeToSequence(new IIOImage(frames.get(i), null, metadata), null);
      }
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }
  }

  /** Size and palette of the whole; left to itself, the writer takes a palette of colours. */
  private static IIOMetadata stream(ImageWriter writer, BufferedImage first) throws IOException {
    IIOMetadataNode root = new IIOMetadataNode(STREAM);
    IIOMetadataNode version = new IIOMetadataNode("Version");
    version.setAttribute("value", "89a");
    root.appendChild(version);
    IIOMetadataNode screen = new IIOMetadataNode("LogicalScreenDescriptor");
    screen.setAttribute("logicalScreenWidth", Integer.toString(first.getWidth()));
    screen.setAttribute("logicalScreenHeight", Integer.toString(first.getHeight()));
    screen.setAttribute("colorResolution", "8");
    screen.setAttribute("pixelAspectRatio", "0");
    root.appendChild(screen);
    IIOMetadataNode table = new IIOMetadataNode("GlobalColorTable");
    table.setAttribute("sizeOfGlobalColorTable", "256");
    table.setAttribute("backgroundColorIndex", "0");
    table.setAttribute("sortFlag", "FALSE");
    for (int i = 0; i < 256; i++) {
      IIOMetadataNode entry = new IIOMetadataNode("ColorTableEntry");
      for (String name : List.of("index", "red", "green", "blue")) {
        entry.setAttribute(name, Integer.toString(i));
      }
      table.appendChild(entry);
    }
    root.appendChild(table);
    IIOMetadata metadata = writer.getDefaultStreamMetadata(null);
    metadata.setFromTree(STREAM, root);
    return metadata;
  }

  private static IIOMetadataNode timing(int hundredths, boolean first) {
    IIOMetadataNode root = new IIOMetadataNode(FORMAT);
    IIOMetadataNode control = new IIOMetadataNode("GraphicControlExtension");
    control.setAttribute("disposalMethod", "none");
    control.setAttribute("userInputFlag", "FALSE");
    control.setAttribute("transparentColorFlag", "FALSE");
    control.setAttribute("transparentColorIndex", "0");
    control.setAttribute("delayTime", Integer.toString(hundredths));
    root.appendChild(control);
    if (first) {
      // NETSCAPE2.0 is what every viewer knows; 0 loops without end.
      IIOMetadataNode loop = new IIOMetadataNode("ApplicationExtension");
      loop.setAttribute("applicationID", "NETSCAPE");
      loop.setAttribute("authenticationCode", "2.0");
      loop.setUserObject(new byte[] {1, 0, 0});
      IIOMetadataNode extensions = new IIOMetadataNode("ApplicationExtensions");
      extensions.appendChild(loop);
      root.appendChild(extensions);
    }
    return root;
  }
}
