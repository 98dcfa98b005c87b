package org.xrv.trainer.loop;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * Turns SIGTERM, SIGINT (Ctrl-C), SIGHUP (the terminal was closed) and SIGUSR1 into a request that
 * the work looks at between its parts. The JVM itself must not begin its shutdown in the middle of
 * a training step: that ends in a crash in native code.
 */
public final class StopSignal implements AutoCloseable {
  private static final List<String> SIGNALS = List.of("TERM", "INT", "HUP", "USR1");
  private final AtomicReference<String> received = new AtomicReference<>();
  private final Map<Object, Object> previous = new LinkedHashMap<>();

  private StopSignal() {}

  /** A request that never comes from outside; {@link #request} makes it. */
  public static StopSignal none() {
    return new StopSignal();
  }

  /**
   * Catches the signals until closed.
   *
   * @param notice is told once, from another thread, that the request came
   */
  public static StopSignal install(Consumer<String> notice) {
    StopSignal stop = new StopSignal();
    for (String name : SIGNALS) {
      stop.handle(name, notice);
    }
    return stop;
  }

  /** Asks for a stop, as a signal of this name would. */
  public void request(String name) {
    received.compareAndSet(null, name);
  }

  /** The signal that came, such as "SIGTERM". */
  public Optional<String> received() {
    return Optional.ofNullable(received.get());
  }

  /**
   * Stops here when a stop was asked for.
   *
   * @param done what was finished and where it is kept, for the message
   * @throws ProblemException PREEMPTED when a stop was asked for
   */
  public void check(String done) {
    received()
        .ifPresent(
            name -> {
              throw new ProblemException(
                  ProblemKind.PREEMPTED,
                  "stopped by " + name + "; " + done + "; start the same command again to go on");
            });
  }

  // sun.misc.Signal is in every JDK (module jdk.unsupported), and there is no other way; through
  // reflection, since javac's warning about it cannot be suppressed.
  private void handle(String name, Consumer<String> notice) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (method.getName().equals("handle")) {
            if (received.compareAndSet(null, "SIG" + name)) {
              notice.accept("SIG" + name);
            }
            return null;
          }
          return switch (method.getName()) {
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0];
            default -> "stop on SIG" + name;
          };
        };
    try {
      Class<?> type = Class.forName("sun.misc.SignalHandler");
      Object signal =
          Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(name);
      Object proxy = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
      previous.put(signal, set(signal, proxy));
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      // Windows has no USR1; a JDK without jdk.unsupported has none: the signal then does what it
      // does to every program.
    }
  }

  private static Object set(Object signal, Object handler) throws ReflectiveOperationException {
    Class<?> type = Class.forName("sun.misc.SignalHandler");
    return signal
        .getClass()
        .getMethod("handle", signal.getClass(), type)
        .invoke(null, signal, handler);
  }

  @Override
  public void close() {
    previous.forEach(
        (signal, handler) -> {
          try {
            set(signal, handler);
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot give back " + signal, e);
          }
        });
    previous.clear();
  }
}
