package io.datamirror.spec;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is known about secrets inside URLs. A URL with a secret in it reaches logs and error
 * messages of drivers, so the spec refuses it; and what is shown of any URL is cut before its
 * parameters, since no list of secret parameter names is ever complete.
 */
final class SecretUrl {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{[^}]*\\}");
  private static final Pattern PARAMETER =
      Pattern.compile("([A-Za-z0-9_.\\-]+)\\s*=\\s*([^;&,?)\\s]*)");
  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "(?i).*(pass(word|wd|phrase|code)?|pwd|secret|token|credentials?|private_?key"
              + "|api_?key|access_?key|account_?key|sas|signature|authorization).*");
  // user:password@host; Oracle writes user/password@host
  private static final Pattern USER_INFO = Pattern.compile("//[^/@:]*:[^/@]+@");
  private static final Pattern ORACLE_USER_INFO =
      Pattern.compile("(?i)jdbc:oracle:[a-z]+:[^/@]*/[^/@]+@.*");
  private static final Pattern PARAMETERS_START = Pattern.compile("[?;#(]");

  private SecretUrl() {}

  /** Whether a URL holds a secret in clear text; a reference to a secret is none. */
  static boolean holdsSecret(String url) {
    String literal = decoded(REFERENCE.matcher(url).replaceAll(""));
    return USER_INFO.matcher(literal).find()
        || ORACLE_USER_INFO.matcher(literal).matches()
        || hasSecretParameter(literal);
  }

  private static boolean hasSecretParameter(String url) {
    Matcher parameters = PARAMETER.matcher(url);
    while (parameters.find()) {
      if (isSecretName(parameters.group(1)) && !parameters.group(2).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Whether something of this name is usually a secret. */
  static boolean isSecretName(String name) {
    return SECRET_NAME.matcher(name).matches();
  }

  private static String decoded(String url) {
    try {
      return URLDecoder.decode(url.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return url;
    }
  }

  /** A URL as it may be shown: without user info and parameters. */
  static String shown(String url) {
    String address = withoutUserInfo(url);
    Matcher parameters = PARAMETERS_START.matcher(address);
    return parameters.find() ? address.substring(0, parameters.end()) + "***" : address;
  }

  private static String withoutUserInfo(String url) {
    int at = url.lastIndexOf('@');
    if (at < 0) {
      return url;
    }
    int authority = url.indexOf("//");
    int kept = authority >= 0 && authority < at ? authority + 2 : endOfScheme(url, at);
    return url.substring(0, kept) + "***" + url.substring(at);
  }

  private static int endOfScheme(String url, int at) {
    int scheme = url.indexOf(':');
    int end = url.indexOf(':', scheme + 1) + 1;
    return end < at ? end : 0;
  }
}
