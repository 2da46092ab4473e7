package io.datamirror.stream;

import io.datamirror.resolve.Forgetting;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/**
 * Makes the operator that resolves changes and writes what wins.
 *
 * @param <T> what the writes hand over
 */
public final class ResolveOperatorFactory<T> extends AbstractStreamOperatorFactory<T>
    implements OneInputStreamOperatorFactory<MirrorRecord, T> {

  private static final long serialVersionUID = 1L;

  private final WritesFactory<T> writesFactory;
  private final HashMap<Integer, Forgetting> forgetting;
  private final Floors floors;
  private final Flushing flushing;
  private final BundleLimit bundleLimit;

  /**
   * @param forgetting by table number: all tables of the mirror
   * @param bundleLimit how much memory folded changes may hold before they are written
   */
  public ResolveOperatorFactory(
      WritesFactory<T> writesFactory,
      Map<Integer, Forgetting> forgetting,
      Flushing flushing,
      BundleLimit bundleLimit) {
    this(writesFactory, forgetting, Floors.NONE, flushing, bundleLimit);
  }

  /**
   * @param floors what was forgotten before this job, where it does not go on from a state that
   *     knows
   */
  public ResolveOperatorFactory(
      WritesFactory<T> writesFactory,
      Map<Integer, Forgetting> forgetting,
      Floors floors,
      Flushing flushing,
      BundleLimit bundleLimit) {
    this.floors = floors;
    this.writesFactory = writesFactory;
    this.forgetting = new HashMap<>(forgetting);
    this.flushing = flushing;
    this.bundleLimit = bundleLimit;
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public <O extends StreamOperator<T>> O createStreamOperator(
      StreamOperatorParameters<T> parameters) {
    return (O)
        new ResolveOperator<>(parameters, writesFactory, forgetting, floors, flushing, bundleLimit);
  }

  @Override
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return ResolveOperator.class;
  }
}
