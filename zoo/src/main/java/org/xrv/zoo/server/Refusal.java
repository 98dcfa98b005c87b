package org.xrv.zoo.server;

import java.util.LinkedHashMap;
import java.util.Map;
import org.xrv.core.error.ProblemException;
import org.xrv.zoo.store.ZooJson;

/** A request that is answered with an error. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final OciCode code;
  private final transient Map<String, String> headers = new LinkedHashMap<>();

  Refusal(int status, OciCode code, String message) {
    this(status, code, message, null);
  }

  Refusal(int status, OciCode code, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
    this.code = code;
  }

  /** What a problem of the zoo means for the one who asks. */
  static Refusal of(ProblemException e) {
    return switch (e.kind()) {
      case NOT_FOUND -> // the zoo's own message names its directory, and models not meant for all
          new Refusal(404, OciCode.MANIFEST_UNKNOWN, "there is no such model or version here", e);
      case YANKED -> new Refusal(404, OciCode.MANIFEST_UNKNOWN, e.getMessage(), e);
      case VERSION_EXISTS -> new Refusal(409, OciCode.DENIED, e.getMessage(), e);
      case BAD_DATA, USAGE, PARITY, TRUST ->
          new Refusal(400, OciCode.MANIFEST_INVALID, e.getMessage(), e);
      case TERMS -> new Refusal(403, OciCode.DENIED, e.getMessage(), e);
      case DISK ->
          new Refusal(
              e.getMessage().contains("No space left") || e.getMessage().contains("quota")
                  ? 507
                  : 503,
              OciCode.UNKNOWN,
              "the server cannot write to its disk; tell its operator",
              e);
      default -> new Refusal(500, OciCode.UNKNOWN, "the zoo is damaged here; tell its operator", e);
    };
  }

  Refusal with(String header, String value) {
    headers.put(header, value);
    return this;
  }

  int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }

  /** What the operator should read, if it is the server that is at fault. */
  String forOperator() {
    return getCause() == null ? getMessage() : getCause().getMessage();
  }

  byte[] toJson() {
    var json = ZooJson.object();
    json.putArray("errors").addObject().put("code", code.name()).put("message", getMessage());
    return ZooJson.bytes(json);
  }
}
