package io.datamirror.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.resolve.Counts;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class PartSerializerTest {

  private static final Part PART =
      new Part(
          -7,
          3,
          List.of("x".repeat(70_000), "ä"),
          List.of("d"),
          new Counts(1, 2, 3, 4, 5, 6, 7),
          Long.MIN_VALUE);

  @Test
  void a_part_comes_back_as_it_was() throws Exception {
    DataOutputSerializer out = new DataOutputSerializer(16);
    PartSerializer.INSTANCE.serialize(PART, out);
    DataOutputSerializer copy = new DataOutputSerializer(16);
    PartSerializer.INSTANCE.copy(new DataInputDeserializer(out.getCopyOfBuffer()), copy);
    DataInputDeserializer in = new DataInputDeserializer(copy.getCopyOfBuffer());
    assertThat(PartSerializer.INSTANCE.deserialize(in)).isEqualTo(PART);
    assertThat(in.available()).isZero();
  }

  @Test
  void its_snapshot_restores_the_serializer() {
    TypeSerializerSnapshot<Part> snapshot = PartSerializer.INSTANCE.snapshotConfiguration();
    assertThat(snapshot.restoreSerializer()).isEqualTo(PartSerializer.INSTANCE);
    assertThat(PartSerializer.type().createSerializer(null)).isSameAs(PartSerializer.INSTANCE);
  }
}
