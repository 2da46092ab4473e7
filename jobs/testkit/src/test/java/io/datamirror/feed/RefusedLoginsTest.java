package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefusedLoginsTest {

  private static final String URL = "jdbc:strange:db";

  private final AtomicLong nanos = new AtomicLong();
  private final RefusedLogins logins = new RefusedLogins(nanos::get);

  private static Properties password(String password) {
    Properties properties = new Properties();
    properties.put("user", "mirror");
    properties.put("password", password);
    return properties;
  }

  private void wait(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void a_login_that_was_refused_may_be_tried_again_after_a_while() {
    String login = logins.login(URL, password("old"));
    assertThat(logins.lately(login)).isFalse();

    logins.refused(login);
    wait(RefusedLogins.SPACING.minusMillis(1));
    assertThat(logins.lately(login)).isTrue();

    wait(Duration.ofMillis(1));
    assertThat(logins.lately(login)).isFalse();
  }

  @Test
  void a_login_that_is_taken_was_not_refused() {
    String login = logins.login(URL, password("old"));
    logins.refused(login);

    logins.taken(login);

    assertThat(logins.lately(login)).isFalse();
  }

  @Test
  void another_password_user_or_database_is_another_login() {
    logins.refused(logins.login(URL, password("old")));
    Properties otherUser = password("old");
    otherUser.put("user", "other");

    assertThat(logins.lately(logins.login(URL, password("old")))).isTrue();
    assertThat(logins.lately(logins.login(URL, password("new")))).isFalse();
    assertThat(logins.lately(logins.login(URL, otherUser))).isFalse();
    assertThat(logins.lately(logins.login(URL + "2", password("old")))).isFalse();
  }

  @Test
  void what_stands_for_a_login_means_nothing_elsewhere() {
    Properties same = password("old");

    assertThat(logins.login(URL, same)).isEqualTo(logins.login(URL, password("old")));
    assertThat(logins.login(URL, same))
        .doesNotContain("old")
        .isNotEqualTo(new RefusedLogins(nanos::get).login(URL, same));
  }
}
