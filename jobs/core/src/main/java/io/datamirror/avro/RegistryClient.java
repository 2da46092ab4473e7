package io.datamirror.avro;

import io.datamirror.spec.RegistrySpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SecretText;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Gets pages from a registry. A question takes a limited time, its answer's body included. */
final class RegistryClient {

  private final HttpClient http;
  private final String url;
  private final Supplier<Optional<String>> authorization;
  private final Duration timeout;

  private RegistryClient(
      HttpClient http, String url, Supplier<Optional<String>> authorization, Duration timeout) {
    this.http = http;
    this.url = url;
    this.authorization = authorization;
    this.timeout = timeout;
  }

  /** What came back; empty bytes if there was nothing. */
  record Answer(int status, byte[] body) {}

  static RegistryClient of(RegistrySpec spec, SecretSource secrets, Duration timeout) {
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .build();
    String url = spec.url().resolve(secrets);
    return new RegistryClient(
        http,
        url.endsWith("/") ? url.substring(0, url.length() - 1) : url,
        // A token may be replaced while a mirror runs.
        () -> authorization(spec, secrets),
        timeout);
  }

  private static Optional<String> authorization(RegistrySpec spec, SecretSource secrets) {
    if (spec.token() != null) {
      return Optional.of("Bearer " + spec.token().resolve(secrets));
    }
    if (spec.user() == null) {
      return Optional.empty();
    }
    String pair = spec.user().resolve(secrets) + ":" + text(spec.password(), secrets);
    return Optional.of(
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }

  private static String text(SecretText password, SecretSource secrets) {
    return password == null ? "" : password.resolve(secrets);
  }

  /** The address or the credentials hold what no request can. */
  static final class NoRequest extends Exception {
    private static final long serialVersionUID = 1L;
  }

  Answer get(String path) throws IOException, NoRequest {
    CompletableFuture<HttpResponse<byte[]>> asking =
        http.sendAsync(request(path), response -> new BoundedBody());
    try {
      HttpResponse<byte[]> response = asking.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(response.statusCode(), response.body());
    } catch (TimeoutException e) {
      throw new InterruptedIOException("no answer in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("asking was interrupted");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    } finally {
      asking.cancel(true);
    }
  }

  /** The builder's own complaints would repeat the address and the credentials. */
  private HttpRequest request(String path) throws NoRequest {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(url + path))
              .header("Accept", "application/vnd.schemaregistry.v1+json, application/json");
      authorization.get().ifPresent(value -> request.header("Authorization", value));
      return request.GET().build();
    } catch (IllegalArgumentException e) {
      throw new NoRequest();
    }
  }
}
