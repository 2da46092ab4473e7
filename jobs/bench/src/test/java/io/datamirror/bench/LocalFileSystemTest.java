package io.datamirror.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.lake.LocalFiles;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.iceberg.flink.FlinkCatalogFactory;
import org.junit.jupiter.api.Test;

class LocalFileSystemTest {

  @Test
  void every_contender_writes_through_the_local_file_system_of_the_product() throws Exception {
    assertThat(local(new Configuration())).isEqualTo(LocalFiles.class);
    // What Flink's own catalog of Iceberg tables asks.
    assertThat(local(FlinkCatalogFactory.clusterHadoopConf())).isEqualTo(LocalFiles.class);
  }

  private static Class<?> local(Configuration hadoop) throws Exception {
    try (FileSystem files = FileSystem.newInstance(URI.create("file:///"), hadoop)) {
      return files.getClass();
    }
  }
}
