package org.xrv.zoo.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.store.ZooJson;

/** What is said when a server cannot be reached, or answers what it should not. */
final class Failures {
  private static final int SHOWN = 300;

  private Failures() {}

  static String text(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }

  /** Why a connection failed, without a stack of exceptions. */
  static String reason(Throwable e, Duration patience) {
    for (Throwable t = e; t != null && t != t.getCause(); t = t.getCause()) {
      if (t instanceof UnresolvedAddressException || t instanceof UnknownHostException) {
        return "there is no host of this name";
      }
      if (t instanceof HttpConnectTimeoutException) {
        return "no connection within " + text(patience);
      }
      if (t instanceof HttpTimeoutException) {
        return "no answer within " + text(patience);
      }
      if (t instanceof ConnectException) {
        return t.getMessage() == null ? "nobody listens there" : t.getMessage();
      }
    }
    return e.getMessage() == null || e.getMessage().isBlank()
        ? e.getClass().getSimpleName()
        : e.getMessage();
  }

  /** Another attempt would fail in the same way. */
  static boolean isFinal(IOException e) {
    if (e instanceof TooLargeException) {
      return true;
    }
    for (Throwable t = e; t != null && t != t.getCause(); t = t.getCause()) {
      if (t instanceof java.security.cert.CertificateException
          || t instanceof java.security.cert.CertPathBuilderException
          || t instanceof UnresolvedAddressException) {
        return true;
      }
    }
    return false;
  }

  static ProblemException network(RegistryAddress at, String what, IOException e, Duration wait) {
    boolean certificate = false;
    for (Throwable t = e; t != null && t != t.getCause(); t = t.getCause()) {
      certificate |= t instanceof java.security.cert.CertificateException;
      certificate |= t instanceof java.security.cert.CertPathBuilderException;
    }
    String remedy =
        certificate
            ? "; if its certificate is signed by an authority of your own, name that with --ca FILE.pem"
            : e instanceof SSLException && String.valueOf(e.getMessage()).contains("plaintext")
                ? "; if it speaks plain http, write the URL with http://"
                : e instanceof TooLargeException
                    ? ""
                    : "; check name and network, then run it again: it goes on where it stopped";
    return new ProblemException(
        e instanceof TooLargeException ? ProblemKind.BAD_DATA : ProblemKind.NETWORK,
        at + ": " + what + ": " + reason(e, wait) + remedy,
        e);
  }

  /** An answer that says no. */
  static ProblemException refused(RegistryAddress at, String what, int status, byte[] body) {
    ProblemKind kind = ProblemKind.NETWORK;
    String remedy = "; run it again, or ask who runs it";
    if (status == 401) {
      kind = ProblemKind.AUTHENTICATION;
      remedy = "; it wants to know who asks: xrv-zoo login " + at.authority();
    } else if (status == 403) {
      kind = ProblemKind.AUTHENTICATION;
      remedy =
          "; who asks may not do this: xrv-zoo login " + at.authority() + " as somebody who may";
    } else if (status == 404) {
      kind = ProblemKind.NOT_FOUND;
      remedy = "";
    } else if (status == 409) {
      kind = ProblemKind.VERSION_EXISTS;
      remedy = "; choose a new version";
    } else if (status == 507 || status == 413) {
      remedy = "; there is no space for it on the server";
    }
    return new ProblemException(
        kind, at + ": " + what + ": answer " + status + said(body) + remedy);
  }

  /** What the server says in the error document of the OCI distribution specification. */
  private static String said(byte[] body) {
    String text;
    try {
      JsonNode error = ZooJson.parse(body, "the answer").path("errors").path(0);
      text =
          error.path("message").asText()
              + (error.path("detail").isTextual() ? ": " + error.path("detail").asText() : "");
      if (text.isBlank()) {
        text = error.path("code").asText();
      }
    } catch (ProblemException e) {
      text = new String(body, 0, Math.min(body.length, SHOWN), StandardCharsets.UTF_8);
      text = text.stripLeading().startsWith("<") ? "" : text; // a page for people
    }
    text = text.strip();
    return text.isEmpty()
        ? ""
        : " (" + (text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text) + ")";
  }
}
