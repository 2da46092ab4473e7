package com.mysql.cj.exceptions;

/** Stands in for the exception of MySQL's driver, which is known by its name alone. */
public final class DataReadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DataReadException(String message) {
    super(message);
  }
}
