package io.castor.nexmark.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.table.data.RowData;

/**
 * The file of golden events that every implementation is tested against. {@code main} writes it
 * anew (argument: the file), for a change of the model; a line holds the options that are not
 * default, an event number, and the event.
 */
final class GoldenEvents {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String[][] FIELDS = {
    {"id", "name", "emailAddress", "creditCard", "city", "state", "dateTime", "extra"},
    {
      "id",
      "itemName",
      "description",
      "initialBid",
      "reserve",
      "dateTime",
      "expires",
      "seller",
      "category",
      "extra"
    },
    {"auction", "bidder", "price", "channel", "url", "dateTime", "extra"}
  };
  private static final String[] TIMES = {"dateTime", "expires"};

  private GoldenEvents() {}

  public static void main(String[] args) throws IOException {
    List<String> lines = new ArrayList<>();
    write(lines, "{}", LongStream.rangeClosed(0, 12).toArray());
    write(
        lines, "{}", 49, 50, 53, 100, 4_999, 5_000, 5_001, 5_004, 123_456_789, 1_000_000_000_000L);
    write(lines, "{}", 9_000_000_000_000_000L, 9_000_000_000_000_001L, 9_000_000_000_000_049L);
    write(lines, "{\"seed\":-7,\"first-event.rate\":1000000}", 0, 1, 4, 777_777);
    write(
        lines,
        "{\"person.proportion\":2,\"auction.proportion\":5,\"bid.proportion\":13}",
        19,
        20,
        21,
        22,
        26,
        27,
        4_000_000_019L);
    write(
        lines,
        "{\"person.avg-size\":40,\"auction.avg-size\":60,\"bid.avg-size\":31,\"bid.hot-ratio.auctions\":10,"
            + "\"bid.hot-ratio.bidders\":1,\"auction.hot-ratio.sellers\":1,\"base-time\":0}",
        50,
        51,
        54,
        1_000_054);
    write(lines, "{\"bid.avg-size\":42}", 4, 5, 6);
    write(
        lines, "{\"person.proportion\":0,\"auction.proportion\":0,\"bid.proportion\":1}", 0, 1, 99);
    Files.write(Path.of(args[0]), lines);
  }

  private static void write(List<String> lines, String options, long... numbers)
      throws IOException {
    JsonNode given = JSON.readTree(options);
    EventGenerator generator = new EventGenerator(config(given));
    for (long n : numbers) {
      ObjectNode line = JSON.createObjectNode();
      if (!given.isEmpty()) {
        line.set("options", given);
      }
      line.put("n", n);
      line.set("event", render(event(generator, config(given), n)));
      lines.add(line.toString());
    }
  }

  static RowData event(EventGenerator generator, NexmarkConfig config, long n) {
    return generator.event(n / config.epochSize(), n % config.epochSize());
  }

  static NexmarkConfig config(JsonNode options) {
    NexmarkConfig config = new NexmarkConfig();
    options
        .properties()
        .forEach(
            option -> {
              long value = option.getValue().asLong();
              switch (option.getKey()) {
                case "seed" -> config.seed = value;
                case "base-time" -> config.baseTime = value;
                case "first-event.rate" -> config.rate = value;
                case "person.proportion" -> config.personProportion = (int) value;
                case "auction.proportion" -> config.auctionProportion = (int) value;
                case "bid.proportion" -> config.bidProportion = (int) value;
                case "person.avg-size" -> config.personAvgSize = (int) value;
                case "auction.avg-size" -> config.auctionAvgSize = (int) value;
                case "bid.avg-size" -> config.bidAvgSize = (int) value;
                case "bid.hot-ratio.auctions" -> config.hotAuctions = (int) value;
                case "bid.hot-ratio.bidders" -> config.hotBidders = (int) value;
                case "auction.hot-ratio.sellers" -> config.hotSellers = (int) value;
                default -> throw new IllegalArgumentException(option.getKey());
              }
            });
    return config.validated();
  }

  static ObjectNode render(RowData event) {
    ObjectNode json = JSON.createObjectNode();
    int kind = event.getInt(0);
    json.put("event_type", kind);
    String[] fields = FIELDS[kind];
    RowData row = event.getRow(kind + 1, fields.length);
    for (int i = 0; i < fields.length; i++) {
      put(json, fields[i], row, i);
    }
    return json;
  }

  private static void put(ObjectNode json, String field, RowData row, int i) {
    if (List.of(TIMES).contains(field)) {
      json.put(field, row.getTimestamp(i, 3).getMillisecond());
    } else if (isNumber(field)) {
      json.put(field, row.getLong(i));
    } else {
      json.put(field, row.getString(i).toString());
    }
  }

  private static boolean isNumber(String field) {
    return switch (field) {
      case "id", "initialBid", "reserve", "seller", "category", "auction", "bidder", "price" ->
          true;
      default -> false;
    };
  }
}
