package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What PostgreSQL's driver reads is what the server sent, whatever the portions are. */
class PatientInputTest {

  private static final int PACKET = 8_192;

  @Property(tries = 200)
  void all_bytes_come_in_order_whatever_is_sent_and_asked_for_at_once(
      @ForAll long seed, @ForAll @IntRange(max = 200_000) int length) throws IOException {
    Random random = new Random(seed);
    byte[] sent = new byte[length];
    random.nextBytes(sent);
    PatientInput input = new PatientInput(new Portions(sent, random));
    ByteArrayOutputStream come = new ByteArrayOutputStream();
    byte[] target = new byte[70_000];
    while (true) {
      if (random.nextInt(8) == 0) {
        int next = input.read();
        if (next < 0) {
          break;
        }
        come.write(next);
      } else {
        int count = input.read(target, 7, 1 + random.nextInt(target.length - 7));
        if (count < 0) {
          break;
        }
        come.write(target, 7, count);
      }
    }
    assertThat(come.toByteArray()).isEqualTo(sent);
    assertThat(input.read()).isEqualTo(-1);
    assertThat(input.read(target, 0, 0)).isZero();
  }

  @Test
  void a_large_answer_is_taken_from_the_system_many_packets_at_a_time() throws IOException {
    Counting sent = new Counting(new ByteArrayInputStream(new byte[40 * PACKET]));
    PatientInput input = new PatientInput(sent);
    byte[] packet = new byte[PACKET];
    for (int i = 0; i < 40; i++) {
      assertThat(input.readNBytes(packet, 0, PACKET)).isEqualTo(PACKET);
    }
    assertThat(sent.reads).isEqualTo(5);
  }

  @Test
  void what_is_held_counts_as_available() throws IOException {
    PatientInput input = new PatientInput(new ByteArrayInputStream(new byte[100]));
    assertThat(input.read()).isZero();
    assertThat(input.available()).isEqualTo(99);
  }

  @Test
  void a_read_that_failed_loses_nothing_of_what_came_before_and_after() throws IOException {
    Portions portions = new Portions(new byte[] {1, 2, 3}, new Random(1));
    portions.failsOnce = true;
    PatientInput input = new PatientInput(portions);
    assertThatThrownBy(input::read).isInstanceOf(IOException.class).hasMessage("no answer in time");
    assertThat(input.readAllBytes()).containsExactly(1, 2, 3);
  }

  @Test
  void a_socket_has_one_input_so_that_nothing_is_left_in_another() throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    try (ServerSocket server = new ServerSocket(0, 1, here);
        Socket socket = new BufferedSockets().createSocket(here, server.getLocalPort());
        Socket peer = server.accept()) {
      peer.getOutputStream().write(new byte[] {1, 2});
      assertThat(socket.getInputStream().read()).isEqualTo(1);
      assertThat(socket.getInputStream().read()).isEqualTo(2);
    }
  }

  /** Gives as many bytes at a time as it likes. */
  private static final class Portions extends InputStream {
    private final ByteArrayInputStream bytes;
    private final Random random;
    private boolean failsOnce;

    Portions(byte[] bytes, Random random) {
      this.bytes = new ByteArrayInputStream(bytes);
      this.random = random;
    }

    @Override
    public int read() {
      return bytes.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (failsOnce) {
        failsOnce = false;
        throw new IOException("no answer in time");
      }
      int most = random.nextBoolean() ? PACKET : 1 + random.nextInt(2 * PACKET);
      return bytes.read(target, offset, Math.min(length, most));
    }

    @Override
    public int available() {
      return random.nextBoolean() ? bytes.available() : 0;
    }
  }

  private static final class Counting extends InputStream {
    private final InputStream bytes;
    private int reads;

    Counting(InputStream bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() throws IOException {
      return bytes.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      reads++;
      return bytes.read(target, offset, length);
    }

    @Override
    public int available() throws IOException {
      return bytes.available();
    }
  }
}
