package io.datamirror.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.lang.ArchRule;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Set;

/** The rules of the house that a compiler does not know. */
final class HouseRules {
  private static final String SQL_PACKAGE = "io.datamirror.sql..";

  private static final Set<String> MAKING =
      Set.of("createStatement", "prepareStatement", "prepareCall", "nativeSQL");

  private static final Set<String> RUNNING =
      Set.of(
          "execute",
          "executeQuery",
          "executeUpdate",
          "executeLargeUpdate",
          "executeBatch",
          "executeLargeBatch",
          "addBatch");

  private HouseRules() {}

  static ArchRule nothingDependsOn(String... packages) {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .because("the core runs, and is tested, without them");
  }

  /**
   * Method references count as calls. SQL text that is made and run in one place only can be quoted
   * and bound in one place only.
   */
  static ArchRule onlySqlTextTouchesStatements() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(SQL_PACKAGE)
        .should()
        .accessTargetWhere(makesOrRunsStatement())
        .because("SQL text is made and run in io.datamirror.sql alone");
  }

  private static DescribedPredicate<JavaAccess<?>> makesOrRunsStatement() {
    return describe(
        "makes or runs a java.sql.Statement",
        access ->
            isMethod(access.getTarget(), Connection.class, MAKING)
                || isMethod(access.getTarget(), Statement.class, RUNNING));
  }

  private static boolean isMethod(AccessTarget target, Class<?> owner, Set<String> names) {
    return names.contains(target.getName()) && target.getOwner().isAssignableTo(owner);
  }
}
