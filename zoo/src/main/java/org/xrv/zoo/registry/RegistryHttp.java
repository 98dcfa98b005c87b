package org.xrv.zoo.registry;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.Toolkit;

/**
 * Requests to one registry: answers challenges, and follows redirects itself, so that nothing that
 * says who asks goes to another origin.
 */
final class RegistryHttp {
  private static final int MAX_REDIRECTS = 8;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  /** What is asked for. Headers that belong to the registry alone are not sent elsewhere. */
  record Request(
      String method,
      URI uri,
      Map<String, String> headers,
      Map<String, String> ownHeaders,
      Optional<Body> body,
      String scope) {
    Request {
      Objects.requireNonNull(method);
      headers = Map.copyOf(headers);
      ownHeaders = Map.copyOf(ownHeaders);
    }

    static Request of(String method, URI uri, String scope) {
      return new Request(method, uri, Map.of(), Map.of(), Optional.empty(), scope);
    }

    Request with(String name, String value) {
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(name, value);
      return new Request(method, uri, more, ownHeaders, body, scope);
    }

    Request withOwn(String name, String value) {
      Map<String, String> more = new LinkedHashMap<>(ownHeaders);
      more.put(name, value);
      return new Request(method, uri, headers, more, body, scope);
    }

    Request sending(Body other) {
      return new Request(method, uri, headers, ownHeaders, Optional.of(other), scope);
    }
  }

  /** A body that can be sent more than once. */
  record Body(Supplier<BodyPublisher> content) {}

  /** An answer whose body is read by the caller, who closes it. */
  record Answer(int status, HttpHeaders headers, BodyReader body, URI from)
      implements AutoCloseable {
    @Override
    public void close() {
      body.close();
    }

    Optional<String> header(String name) {
      return headers.firstValue(name);
    }
  }

  /** An answer with its whole body. */
  static final class Small {
    private final int status;
    private final HttpHeaders headers;
    private final byte[] body;
    private final URI from;

    Small(int status, HttpHeaders headers, byte[] body, URI from) {
      this.status = status;
      this.headers = headers;
      this.body = body;
      this.from = from;
    }

    int status() {
      return status;
    }

    HttpHeaders headers() {
      return headers;
    }

    byte[] body() {
      return body;
    }

    URI from() {
      return from;
    }

    Optional<String> header(String name) {
      return headers.firstValue(name);
    }

    boolean isOk() {
      return status >= 200 && status < 300;
    }
  }

  private final RegistryAddress address;
  private final HttpClient client;
  private final Proxies proxies;
  private final TransferSettings settings;
  private final Authorizer authorizer;

  RegistryHttp(
      RegistryAddress address,
      HttpClient client,
      Proxies proxies,
      CredentialSource credentials,
      boolean plainCredentials,
      TransferSettings settings) {
    this.address = address;
    this.client = client;
    this.proxies = proxies;
    this.settings = settings;
    this.authorizer =
        new Authorizer(address, credentials, plainCredentials, request -> small(plain(request)));
  }

  /**
   * Sends a request.
   *
   * @return any answer that is neither a challenge that can be answered nor a redirect
   * @throws IOException when there is none
   */
  Answer open(Request request) throws IOException {
    URI uri = request.uri();
    boolean asked = false;
    for (int hops = 0; hops <= MAX_REDIRECTS; hops++) {
      boolean own = isOwn(uri);
      Optional<String> authorization = own ? authorizer.header(request.scope()) : Optional.empty();
      Answer answer = send(request, uri, own, authorization);
      if (answer.status() == 401 && own && !asked) {
        asked = true;
        answer.body().all(1 << 20, settings.patience());
        if (authorizer.answer(Challenge.of(answer.headers()), request.scope(), authorization)) {
          continue;
        }
        return new Answer(401, answer.headers(), BodyReader.empty(), uri);
      }
      if (!REDIRECTS.contains(answer.status()) || answer.header("Location").isEmpty()) {
        return answer;
      }
      answer.close();
      uri = target(request, uri, answer.header("Location").get());
    }
    throw new IOException("it redirects from place to place");
  }

  private URI target(Request request, URI from, String location) throws IOException {
    URI to = resolve(from, location);
    boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
    if (!reads && !isOwn(to)) {
      throw new IOException("it wants what is pushed sent to " + to.getHost());
    }
    return to;
  }

  /**
   * Resolves what a server names as the place to go on.
   *
   * @throws IOException when that is not http or https, or gives encryption up
   */
  static URI resolve(URI from, String location) throws IOException {
    try {
      URI to = from.resolve(new URI(location));
      boolean secure = "https".equalsIgnoreCase(to.getScheme());
      if (to.getHost() == null || !(secure || "http".equalsIgnoreCase(to.getScheme()))) {
        throw new IOException("it redirects to '" + location + "', which is no http URL");
      }
      if (from.getScheme().equalsIgnoreCase("https") && !secure) {
        throw new IOException("it redirects from https to " + to + ", which is not encrypted");
      }
      return to;
    } catch (java.net.URISyntaxException | IllegalArgumentException e) {
      throw new IOException("it redirects to '" + location + "', which is no URL", e);
    }
  }

  /** Whether a place belongs to the registry, in the sense of RFC 6454. */
  boolean isOwn(URI uri) {
    URI own = address.uri("/");
    int port =
        uri.getPort() < 0 ? ("https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80) : uri.getPort();
    return own.getScheme().equalsIgnoreCase(uri.getScheme())
        && own.getHost().equalsIgnoreCase(uri.getHost())
        && own.getPort() == port;
  }

  private Answer send(Request request, URI uri, boolean own, Optional<String> authorization)
      throws IOException {
    HttpRequest.Builder builder = HttpRequest.newBuilder(uri);
    request.headers().forEach(builder::header);
    if (own) {
      request.ownHeaders().forEach(builder::header);
    }
    authorization.ifPresent(a -> builder.setHeader("Authorization", a));
    builder.method(
        request.method(),
        request.body().map(b -> b.content().get()).orElseGet(HttpRequest.BodyPublishers::noBody));
    if (request.body().isEmpty()) {
      return plain(builder);
    }
    return upload(builder);
  }

  /** Sends a request without a body, or with a small one. */
  private Answer plain(HttpRequest.Builder builder) throws IOException {
    try {
      return answer(client.send(finish(builder, true), info -> new BodyReader()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("it was interrupted", e);
    }
  }

  /** A request's timeout would have to last for the whole body; here it is a watchdog's instead. */
  private Answer upload(HttpRequest.Builder builder) throws IOException {
    HttpRequest bare = finish(builder, false);
    WatchedBody body = new WatchedBody(bare.bodyPublisher().orElseThrow());
    builder.method(bare.method(), body);
    CompletableFuture<HttpResponse<BodyReader>> sent =
        client.sendAsync(builder.build(), info -> new BodyReader());
    try {
      while (true) {
        try {
          return answer(sent.get(200, TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
          // All is sent: now the server writes and hashes it, which may take longer.
          long factor = body.isSent() ? 10 : 1;
          if (body.idleNanos() > settings.patience().toNanos() * factor) {
            throw new IOException(
                "it takes nothing for " + Failures.text(settings.patience().multipliedBy(factor)));
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("it was interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } finally {
      sent.cancel(true);
    }
  }

  private HttpRequest finish(HttpRequest.Builder builder, boolean timed) {
    builder.setHeader("User-Agent", "xrv-zoo/" + Toolkit.version());
    if (timed) {
      builder.timeout(settings.patience());
    }
    HttpRequest bare = builder.build();
    proxies.authorization(bare.uri()).ifPresent(a -> builder.setHeader("Proxy-Authorization", a));
    return builder.build();
  }

  private static Answer answer(HttpResponse<BodyReader> response) {
    return new Answer(
        response.statusCode(), response.headers(), response.body(), response.request().uri());
  }

  /** Reads the body of an answer. */
  Small small(Answer answer) throws IOException {
    try (answer) {
      return new Small(
          answer.status(),
          answer.headers(),
          answer.body().all(RegistryClient.MAX_DOCUMENT, settings.patience()),
          answer.from());
    }
  }

  /**
   * Sends a request until it is answered, with pauses; for requests that may be repeated.
   *
   * @param what names the work in a message
   * @throws ProblemException NETWORK, AUTHENTICATION
   */
  Small ask(Request request, String what) {
    for (int failures = 1; ; failures++) {
      try {
        Small answer = small(open(request));
        if (!isPassing(answer.status()) || failures > settings.retries()) {
          if (answer.status() == 401 || answer.status() == 403 || isPassing(answer.status())) {
            throw Failures.refused(address, what, answer.status(), answer.body());
          }
          return answer;
        }
        Pause.sleep(pause(answer.headers(), failures, what));
      } catch (IOException e) {
        if (failures > settings.retries() || Failures.isFinal(e)) {
          throw Failures.network(address, what, e, settings.patience());
        }
        Pause.sleep(Pause.after(failures, settings));
      }
    }
  }

  /** Statuses that a later attempt may not meet again. */
  static boolean isPassing(int status) {
    return status == 408 || status == 429 || (status >= 500 && status != 501 && status != 507);
  }

  /** The longer of what the server asks for and what we would wait anyway. */
  java.time.Duration pause(HttpHeaders headers, int failures, String what) {
    java.time.Duration own = Pause.after(failures, settings);
    java.time.Duration asked = Pause.asked(headers).orElse(own);
    if (asked.compareTo(settings.longestPause()) > 0) {
      throw new ProblemException(
          ProblemKind.NETWORK,
          address
              + ": "
              + what
              + ": it is busy and asks to come back in "
              + Failures.text(asked)
              + "; run it again then");
    }
    return asked.compareTo(own) > 0 ? asked : own;
  }
}
