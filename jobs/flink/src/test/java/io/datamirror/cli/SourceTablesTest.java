package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.MirrorException;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SpecReader;
import java.nio.file.Path;
import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceTablesTest {
  @TempDir private Path directory;

  @Test
  void a_connection_that_was_lost_is_replaced_before_the_next_table() throws Exception {
    MirrorSpec spec = SpecReader.read(Path.of(Shop.withOrders(directory).spec()));
    try (SourceTables source = SourceTables.open(spec, SecretSource.ofProcess())) {
      Connection first = source.connection();
      source.reconnectIfLost();
      assertThat(source.connection()).as("it serves").isSameAs(first);

      first.close();
      assertThatThrownBy(() -> source.resolve(spec.tables().get(0)))
          .isInstanceOf(MirrorException.class);
      source.reconnectIfLost();
      assertThat(source.resolve(spec.tables().get(0)).name()).isEqualTo("orders");
    }
  }
}
