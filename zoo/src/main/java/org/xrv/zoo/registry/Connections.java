package org.xrv.zoo.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** Makes the JDK's client: never follows redirects, goes through proxies, may trust one more CA. */
final class Connections {
  private Connections() {}

  static HttpClient client(Proxies proxies, Optional<Path> ca, Duration patience) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1) // no upgrade headers, which old servers refuse
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(patience)
            .proxy(selector(proxies));
    ca.ifPresent(file -> builder.sslContext(trusting(file)));
    return builder.build();
  }

  private static ProxySelector selector(Proxies proxies) {
    return new ProxySelector() {
      @Override
      public List<Proxy> select(URI uri) {
        return proxies
            .of(uri)
            .map(
                p -> List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(p.host(), p.port()))))
            .orElse(List.of(Proxy.NO_PROXY));
      }

      @Override
      public void connectFailed(URI uri, SocketAddress address, IOException e) {
        // The request fails too, and says so.
      }
    };
  }

  /** Trusts the authorities of the JDK and those of a file. */
  private static SSLContext trusting(Path file) {
    try {
      KeyStore own = KeyStore.getInstance(KeyStore.getDefaultType());
      own.load(null, null);
      int number = 0;
      for (Certificate certificate : certificates(file)) {
        own.setCertificateEntry("ca-" + number++, certificate);
      }
      if (number == 0) {
        throw unusable(file, "has no certificate", null);
      }
      for (X509Certificate certificate : manager(null).getAcceptedIssuers()) {
        own.setCertificateEntry("ca-" + number++, certificate);
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new X509TrustManager[] {manager(own)}, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw unusable(file, "cannot be used (" + e.getMessage() + ")", e);
    }
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in);
    }
  }

  private static X509TrustManager manager(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return (X509TrustManager)
        Arrays.stream(factory.getTrustManagers())
            .filter(X509TrustManager.class::isInstance)
            .findFirst()
            .orElseThrow(() -> new GeneralSecurityException("no trust manager"));
  }

  private static ProblemException unusable(Path file, String what, Exception cause) {
    return new ProblemException(
        ProblemKind.USAGE,
        "the authorities in " + file + ": it " + what + "; name a file of certificates in PEM",
        cause);
  }
}
