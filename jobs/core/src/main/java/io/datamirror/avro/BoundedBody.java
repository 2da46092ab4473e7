package io.datamirror.avro;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

/** Takes the body of an answer, unless it is larger than any schema. */
final class BoundedBody implements BodySubscriber<byte[]> {

  private static final long MOST_BYTES = 8L << 20;

  private final BodySubscriber<byte[]> bytes = BodySubscribers.ofByteArray();
  private Subscription subscription;
  private long taken;

  @Override
  public CompletionStage<byte[]> getBody() {
    return bytes.getBody();
  }

  @Override
  public void onSubscribe(Subscription given) {
    subscription = given;
    bytes.onSubscribe(given);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      taken += buffer.remaining();
    }
    if (taken > MOST_BYTES) {
      subscription.cancel();
      bytes.onError(new IOException("the answer is too long"));
    } else {
      bytes.onNext(buffers);
    }
  }

  @Override
  public void onError(Throwable failure) {
    bytes.onError(failure);
  }

  @Override
  public void onComplete() {
    bytes.onComplete();
  }
}
