package io.datamirror.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoreArchitectureTest {
  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(new ImportOption.DoNotIncludeJars())
          .importPackages("io.datamirror");

  private static final JavaClasses VIOLATORS =
      new ClassFileImporter().importPackages("io.datamirror.architecture.violation");

  @Test
  void the_core_depends_on_neither_flink_nor_iceberg() {
    HouseRules.nothingDependsOn("org.apache.flink..", "org.apache.iceberg..").check(CORE);
  }

  @Test
  void a_dependency_on_a_forbidden_package_is_found() {
    assertThatThrownBy(() -> HouseRules.nothingDependsOn("java.sql..").check(VIOLATORS))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("StatementToucher");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.apache.flink.api.common.JobID",
        "org.apache.flink.streaming.api.environment.StreamExecutionEnvironment",
        "org.apache.flink.table.data.RowData",
        "org.apache.iceberg.Table",
        "org.apache.iceberg.flink.TableLoader"
      })
  void neither_flink_nor_iceberg_is_on_the_class_path(String name) {
    assertThatThrownBy(() -> Class.forName(name)).isInstanceOf(ClassNotFoundException.class);
  }

  @Test
  void only_sql_text_touches_statements() {
    HouseRules.onlySqlTextTouchesStatements().check(CORE);
  }

  @Test
  void every_way_to_touch_a_statement_is_found() {
    assertThat(HouseRules.onlySqlTextTouchesStatements().evaluate(VIOLATORS).getFailureReport())
        .satisfies(
            report ->
                assertThat(report.getDetails())
                    .hasSize(5)
                    .anyMatch(line -> line.contains("Connection.prepareStatement"))
                    .anyMatch(line -> line.contains("PreparedStatement.executeQuery"))
                    .anyMatch(line -> line.contains("Connection.createStatement"))
                    .anyMatch(line -> line.contains("Statement.execute("))
                    .anyMatch(line -> line.contains("Statement.executeUpdate")));
  }
}
