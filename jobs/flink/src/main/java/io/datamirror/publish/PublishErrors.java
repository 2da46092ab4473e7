package io.datamirror.publish;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.lake.LakeFailure;
import java.util.Optional;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * What failures of publishing mean. Messages of Kafka's clients may hold values of properties: of
 * them only the class is taken over.
 */
final class PublishErrors {

  private PublishErrors() {}

  /** The failure as an error, if trying again would only meet it again. */
  static Optional<MirrorException> hopeless(RuntimeException failure, String object) {
    if (failure instanceof MirrorException known) {
      return known.code() == ErrorCode.LAKE_UNREACHABLE ? Optional.empty() : Optional.of(known);
    }
    if (refused(failure)) {
      return error(
          ErrorCode.WRONG_CREDENTIALS,
          object,
          "Kafka refuses the credentials of what is published",
          "Mend sasl.jaas.config or the stores under publish.properties, or what they refer to.");
    }
    if (caused(failure, AuthorizationException.class)) {
      return error(
          ErrorCode.MISSING_PRIVILEGE,
          object,
          "Kafka does not allow this user to publish",
          "Allow CREATE, DESCRIBE, DESCRIBE_CONFIGS, READ and WRITE on the topics of publish, and"
              + " DESCRIBE and WRITE on the transactional id that begins with data-mirror.");
    }
    if (caused(failure, RecordTooLargeException.class)) {
      return error(
          ErrorCode.ROW_TOO_LARGE,
          object,
          "a row is larger than a record may be",
          "Raise max.request.size under publish.properties and max.message.bytes of the topic.");
    }
    if (caused(failure, ConfigException.class) && !unresolved(failure)) {
      return error(
          ErrorCode.BAD_VALUE,
          object,
          "Kafka's client refuses a property",
          "Mend publish.properties; the client's documentation has each property's values.");
    }
    return Optional.empty();
  }

  /** Whether Kafka did not take the credentials that it was shown. */
  static boolean refused(RuntimeException failure) {
    return caused(failure, AuthenticationException.class);
  }

  /** Whether another publisher took over: two that come back at once would only do so in turn. */
  static boolean shutOut(RuntimeException failure) {
    return caused(failure, ProducerFencedException.class)
        || caused(failure, InvalidProducerEpochException.class);
  }

  /** The error of a failure that has come again for too long. */
  static MirrorException givenUp(RuntimeException failure, String object) {
    return new MirrorException(
        ErrorCode.PUBLISH_FAILED,
        object,
        "what is in the lake could not be published (" + LakeFailure.classes(failure) + ")",
        "See whether Kafka runs and publish.bootstrap-servers names it. Nothing is lost: publishing"
            + " goes on where it was.");
  }

  /** The error of a Kafka that does not answer who only looks. */
  static MirrorException silent(RuntimeException failure, String object) {
    return new MirrorException(
        ErrorCode.PUBLISH_FAILED,
        object,
        "Kafka does not answer (" + LakeFailure.classes(failure) + ")",
        "See whether it runs and publish.bootstrap-servers names the right hosts and ports.");
  }

  private static Optional<MirrorException> error(
      ErrorCode code, String object, String sentence, String nextStep) {
    return Optional.of(new MirrorException(code, object, sentence, nextStep));
  }

  private static boolean caused(Throwable failure, Class<? extends Throwable> kind) {
    return ExceptionUtils.findThrowable(failure, kind).isPresent();
  }

  /** An address that has no host yet is a matter of the network, not of the spec. */
  private static boolean unresolved(Throwable failure) {
    return ExceptionUtils.findThrowable(
            failure, cause -> String.valueOf(cause.getMessage()).contains("resolvable bootstrap"))
        .isPresent();
  }
}
