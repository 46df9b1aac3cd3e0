package io.castor.nexmark.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.junit.jupiter.api.Test;

class EventGeneratorTest {
  private static final Path GOLDEN = Path.of("../../../test/golden/nexmark_events.jsonl");

  @Test
  void goldenEvents() throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<String> lines = Files.readAllLines(GOLDEN);
    assertTrue(lines.size() > 30);
    for (String line : lines) {
      JsonNode golden = json.readTree(line);
      NexmarkConfig config = GoldenEvents.config(golden.path("options"));
      RowData event =
          GoldenEvents.event(new EventGenerator(config), config, golden.get("n").asLong());
      assertEquals(golden.get("event"), json.readTree(GoldenEvents.render(event).toString()), line);
    }
  }

  @Test
  void exactlyTheRowOfItsKindIsSet() {
    NexmarkConfig config = new NexmarkConfig();
    EventGenerator generator = new EventGenerator(config);
    int[] counts = new int[3];
    for (long n = 0; n < 500; n++) {
      GenericRowData event = (GenericRowData) GoldenEvents.event(generator, config, n);
      int kind = event.getInt(0);
      counts[kind]++;
      for (int other = 0; other < 3; other++) {
        if (other != kind) {
          assertNull(event.getField(other + 1));
        }
      }
    }
    assertEquals(List.of(10, 30, 460), List.of(counts[0], counts[1], counts[2]));
  }

  @Test
  void bidsFollowTheirDistributions() {
    NexmarkConfig config = new NexmarkConfig();
    EventGenerator generator = new EventGenerator(config);
    int bids = 0;
    int hotAuctions = 0;
    int hotChannels = 0;
    double priceLogs = 0;
    long extras = 0;
    for (long n = 1_000_000; n < 1_100_000; n++) {
      RowData event = GoldenEvents.event(generator, config, n);
      if (event.getInt(0) == 2) {
        RowData bid = event.getRow(3, 7);
        bids++;
        hotAuctions += bid.getLong(0) % 100 == 0 ? 1 : 0;
        hotChannels += bid.getString(3).toString().startsWith("channel-") ? 0 : 1;
        priceLogs += Math.log10(bid.getLong(2));
        extras += bid.getString(6).toString().length();
      }
    }
    assertEquals(92_000, bids);
    assertEquals(0.505, hotAuctions / (double) bids, 0.01);
    assertEquals(0.5, hotChannels / (double) bids, 0.01);
    assertEquals(5.0, priceLogs / bids, 0.02);
    assertEquals(67.5, extras / (double) bids, 0.2);
  }

  @Test
  void refusesWhatCannotBeGenerated() {
    NexmarkConfig config = new NexmarkConfig();
    config.hotBidders = 0;
    String message = assertThrows(IllegalArgumentException.class, config::validated).getMessage();
    assertEquals("nexmark: bid.hot-ratio.bidders is 0, but must be at least 1", message);

    NexmarkConfig slow = new NexmarkConfig();
    slow.rate = 1;
    slow.auctionProportion = 1;
    slow.bidProportion = 999_000;
    assertTrue(
        assertThrows(IllegalArgumentException.class, slow::validated)
            .getMessage()
            .contains("auction horizon"));
  }
}
