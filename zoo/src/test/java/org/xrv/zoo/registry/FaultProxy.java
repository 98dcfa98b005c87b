package org.xrv.zoo.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.xrv.core.random.KeyedRandom;

/**
 * Stands between client and registry and does what bad networks do to the answers: cuts, stalls,
 * flips bytes, sends pieces twice or in another order. What it does is a function of its seed and
 * of the number of the connection.
 */
final class FaultProxy implements AutoCloseable {
  /** What happens to a connection. */
  enum Fault {
    NONE,
    CUT,
    STALL,
    CORRUPT,
    DUPLICATE,
    REORDER
  }

  private final ServerSocket server;
  private final int target;
  private final long seed;
  private final double share;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger faults = new AtomicInteger();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /**
   * Starts.
   *
   * @param share of connections that something happens to
   */
  FaultProxy(int target, long seed, double share) throws IOException {
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.target = target;
    this.seed = seed;
    this.share = share;
    start(this::accept);
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "fault proxy");
    thread.setDaemon(true);
    thread.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  int faults() {
    return faults.get();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(client);
        open.add(upstream);
        int number = connections.getAndIncrement();
        start(() -> copy(client, upstream, null));
        start(() -> copy(upstream, client, KeyedRandom.of(seed, "connection", number + "")));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void copy(Socket from, Socket to, KeyedRandom random) {
    Fault fault = Fault.NONE;
    long at = 0;
    if (random != null && random.nextInt(1000) < share * 1000) {
      fault = Fault.values()[1 + random.nextInt(Fault.values().length - 1)];
      at = random.nextInt(400_000);
    }
    byte[] buffer = new byte[8192];
    byte[] held = null;
    long passed = 0;
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n; (n = in.read(buffer)) > 0; passed += n) {
        boolean now = fault != Fault.NONE && passed + n > at;
        if (now) {
          faults.incrementAndGet();
          if (fault == Fault.CUT) {
            out.write(buffer, 0, (int) (at - passed));
            return;
          }
          if (fault == Fault.STALL) {
            Thread.sleep(60_000);
            return;
          }
          if (fault == Fault.CORRUPT) {
            buffer[(int) Math.max(0, Math.min(n - 1, at - passed))] ^= 0x10;
          }
          if (fault == Fault.DUPLICATE) {
            out.write(buffer, 0, n);
          }
          if (fault == Fault.REORDER) {
            held = Arrays.copyOf(buffer, n);
          }
          fault = Fault.NONE;
          if (held != null) {
            continue;
          }
        }
        out.write(buffer, 0, n);
        if (held != null) {
          out.write(held);
          held = null;
        }
      }
      if (held != null) {
        out.write(held);
      }
    } catch (SocketException e) {
      // the other side is gone
    } catch (IOException e) {
      // as well
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
