package io.datamirror.topic;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.CredentialMemory;
import io.datamirror.feed.ReplacedCredentials;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import javax.security.auth.login.LoginException;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a failure of Kafka's clients means. Their messages may hold values of properties: of them
 * only the class is taken over.
 */
final class KafkaErrors {

  private static final Logger LOG = LoggerFactory.getLogger(KafkaErrors.class);

  private KafkaErrors() {}

  /**
   * What a client threw while it did something for {@code object}.
   *
   * @param memory whether its credentials have worked
   */
  static Exception explained(Exception failure, String object, CredentialMemory memory) {
    Throwable cause = failure instanceof ExecutionException ? failure.getCause() : failure;
    if (cause instanceof WakeupException
        || cause instanceof InterruptException
        || cause instanceof InterruptedException) {
      return new SQLException("reading was cancelled");
    }
    if (memory.taken()
        && (cause instanceof AuthenticationException
            || brokenStore(cause)
            || ReplacedCredentials.noSecret(cause))) {
      return replaced(cause, object);
    }
    if (cause instanceof MirrorException known) {
      return known;
    }
    return named(cause, object);
  }

  /** Stores and their passwords may be replaced one after the other: until then they do not fit. */
  private static MirrorException replaced(Throwable failure, String object) {
    MirrorException error =
        failure instanceof MirrorException secret
            ? ReplacedCredentials.missing("Kafka", object, secret)
            : refusedNow(failure, object);
    // Whoever asks again says no more than the code.
    LOG.warn("{}", error.getMessage());
    return error;
  }

  private static MirrorException refusedNow(Throwable failure, String object) {
    return new MirrorException(
        ErrorCode.CREDENTIALS_REPLACED,
        object,
        "Kafka took these credentials before, and it or one of its brokers refuses them now, with "
            + deepest(failure),
        "Put new ones into the files that source.properties names, or mend that broker's users"
            + " or certificate; what is in the environment is seen only by a process that is"
            + " started again.");
  }

  private static MirrorException named(Throwable failure, String object) {
    String kind = failure.getClass().getSimpleName();
    if (failure instanceof InvalidOffsetException) {
      return new MirrorException(
          ErrorCode.HISTORY_LOST,
          object,
          "the topic no longer has the records after the position",
          "Let the topic keep records for longer; mirror it into a new table from what it has.");
    }
    if (failure instanceof SslAuthenticationException) {
      return new MirrorException(
          ErrorCode.WRONG_CREDENTIALS,
          object,
          "the TLS handshake with Kafka failed: one side does not trust the other",
          "Mend ssl.truststore and ssl.keystore under source.properties, or the names in the"
              + " broker's certificate.");
    }
    if (failure instanceof AuthenticationException) {
      return new MirrorException(
          ErrorCode.WRONG_CREDENTIALS,
          object,
          "Kafka refuses the credentials, with " + kind,
          "Mend sasl.jaas.config or the stores under source.properties, or what they refer to.");
    }
    if (failure instanceof AuthorizationException) {
      return new MirrorException(
          ErrorCode.MISSING_PRIVILEGE,
          object,
          "Kafka does not allow this user to read it, with " + kind,
          "Allow READ and DESCRIBE on the topic.");
    }
    if (failure instanceof CorruptRecordException) {
      return new MirrorException(
          ErrorCode.QUERY_FAILED,
          object,
          "the broker holds a damaged record",
          "Restore the partition from a replica; the mirror goes on where it was.");
    }
    Throwable refused = cause(failure, ConfigException.class);
    if (refused != null && !unresolved(refused)) {
      return refused(refused, object);
    }
    if (brokenLogin(failure)) {
      return new MirrorException(
          ErrorCode.BAD_VALUE,
          object,
          "Kafka's client cannot log in as it is told to, with " + deepest(failure),
          "Mend sasl.jaas.config, sasl.mechanism and security.protocol under source.properties.");
    }
    if (brokenStore(failure)) {
      return new MirrorException(
          ErrorCode.BAD_VALUE,
          object,
          "a store of keys or certificates cannot be opened, with " + deepest(failure),
          "Mend the locations, types and passwords of the ssl stores under source.properties.");
    }
    if (failure instanceof RetriableException || failure instanceof KafkaException) {
      return new MirrorException(
          ErrorCode.BROKER_UNREACHABLE,
          object,
          "Kafka does not answer, with " + deepest(failure),
          "See whether it runs and source.bootstrap-servers names the right hosts and ports.");
    }
    return MirrorException.causedBy(
        new Exception(kind),
        ErrorCode.INTERNAL,
        object,
        "reading failed with " + kind,
        "Report it.");
  }

  private static MirrorException refused(Throwable failure, String object) {
    String kind = failure.getClass().getSimpleName();
    boolean address = String.valueOf(failure.getMessage()).contains("bootstrap.servers");
    return new MirrorException(
        ErrorCode.BAD_VALUE,
        object,
        "Kafka's client refuses " + (address ? "an address" : "a property") + ", with " + kind,
        address
            ? "Write source.bootstrap-servers as host:port, several with commas between."
            : "Mend source.properties; the client's documentation has each property's values.");
  }

  /** An address that has no host yet is a matter of the network, not of the spec. */
  private static boolean unresolved(Throwable failure) {
    return String.valueOf(failure.getMessage()).contains("resolvable bootstrap");
  }

  /** Where a login only had no answer, it may have one later. */
  private static boolean brokenLogin(Throwable failure) {
    boolean unreadable =
        failure instanceof KafkaException && deepestOf(failure) instanceof IllegalArgumentException;
    boolean silent = cause(failure, IOException.class) != null;
    return unreadable || cause(failure, LoginException.class) != null && !silent;
  }

  /** A client that cannot be made says so with the cause inside. */
  private static boolean brokenStore(Throwable failure) {
    Throwable cause = deepestOf(failure);
    return cause instanceof GeneralSecurityException || cause instanceof NoSuchFileException;
  }

  /** The first of a kind among a failure and its causes; null if there is none. */
  private static Throwable cause(Throwable failure, Class<? extends Throwable> kind) {
    Throwable cause = failure;
    while (cause != null && !kind.isInstance(cause)) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static String deepest(Throwable failure) {
    return deepestOf(failure).getClass().getSimpleName();
  }

  private static Throwable deepestOf(Throwable failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null && deepest.getCause() != deepest) {
      deepest = deepest.getCause();
    }
    return deepest;
  }
}
