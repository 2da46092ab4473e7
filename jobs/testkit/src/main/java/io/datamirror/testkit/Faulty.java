package io.datamirror.testkit;

import io.datamirror.testkit.FaultPlan.Point;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;

/** Stands before an object of a driver. */
final class Faulty implements InvocationHandler {

  private final Object target;
  private final FaultPlan plan;

  private Faulty(Object target, FaultPlan plan) {
    this.target = target;
    this.plan = plan;
  }

  static <T> T wrap(Class<T> type, T target, FaultPlan plan) {
    return type.cast(
        Proxy.newProxyInstance(
            Faulty.class.getClassLoader(), new Class<?>[] {type}, new Faulty(target, plan)));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    String name = method.getName();
    if (target instanceof Connection) {
      return connection(name, method, arguments);
    }
    if (target instanceof ResultSet) {
      return result(name, method, arguments);
    }
    return statement(name, method, arguments);
  }

  private Object connection(String name, Method method, Object[] arguments) throws Throwable {
    switch (name) {
      case "prepareStatement", "prepareCall" -> {
        plan.sent((String) arguments[0]);
        plan.reach(Point.PREPARE);
        PreparedStatement statement = (PreparedStatement) call(method, arguments);
        return wrap(PreparedStatement.class, statement, plan);
      }
      case "createStatement" -> {
        return wrap(Statement.class, (Statement) call(method, arguments), plan);
      }
      case "commit" -> plan.reach(Point.COMMIT);
      case "isValid" -> plan.reach(Point.IS_VALID);
      case "abort" -> plan.release();
      case "close" -> {
        call(method, arguments);
        plan.reach(Point.CLOSE);
        return null;
      }
      default -> {
        // Nothing goes wrong there.
      }
    }
    return call(method, arguments);
  }

  private Object statement(String name, Method method, Object[] arguments) throws Throwable {
    switch (name) {
      case "execute", "executeQuery", "executeUpdate" -> {
        if (arguments != null && arguments.length > 0) {
          plan.sent((String) arguments[0]);
        }
        plan.reach(Point.EXECUTE);
        Object result = call(method, arguments);
        return result instanceof ResultSet rows ? wrap(ResultSet.class, rows, plan) : result;
      }
      case "cancel" -> plan.release();
      case "close" -> {
        call(method, arguments);
        plan.reach(Point.CLOSE);
        return null;
      }
      default -> {
        // Nothing goes wrong there.
      }
    }
    return call(method, arguments);
  }

  private Object result(String name, Method method, Object[] arguments) throws Throwable {
    if (name.equals("next")) {
      plan.reach(Point.NEXT);
    } else if (name.startsWith("get") && arguments != null) {
      plan.reach(Point.GET);
    } else if (name.equals("close")) {
      call(method, arguments);
      plan.reach(Point.CLOSE);
      return null;
    }
    return call(method, arguments);
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
