package io.datamirror.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** The core has the same rule on itself, with violators that show that it bites. */
class JobArchitectureTest {
  private static final JavaClasses JOBS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(new ImportOption.DoNotIncludeJars())
          // The testkit is a jar or a directory, as the build goes; it is not a part of the jobs.
          .withImportOption(location -> !location.contains("/testkit/"))
          .importPackages("io.datamirror");

  @Test
  void only_sql_text_touches_statements() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.datamirror.sql..")
        .should()
        .accessTargetWhere(
            describe(
                "makes or runs a java.sql.Statement",
                access -> makesStatement(access.getTarget()) || runsStatement(access.getTarget())))
        .because("SQL text is made and run in io.datamirror.sql alone")
        .check(JOBS);
  }

  @Test
  void no_class_is_put_into_a_package_of_iceberg_or_flink() {
    noClasses()
        .should()
        .resideInAnyPackage("org.apache..")
        .because("package-private classes of others change without notice")
        .check(new ClassFileImporter().importPath("target/classes"));
  }

  private static boolean makesStatement(AccessTarget target) {
    return target.getOwner().isAssignableTo(Connection.class)
        && target.getName().matches("createStatement|prepare(Statement|Call)|nativeSQL");
  }

  private static boolean runsStatement(AccessTarget target) {
    return target.getOwner().isAssignableTo(Statement.class)
        && target.getName().matches("execute.*|addBatch");
  }
}
