package io.castor.nexmark.generator;

import static io.castor.nexmark.generator.Draws.pickHigh;
import static io.castor.nexmark.generator.Draws.pickLow;

import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;

/**
 * Event number to row, as {@code spec/nexmark.md} says. Rows own nothing mutable and may be kept;
 * what they share (channels, URLs, pool, timestamps) is immutable. Not thread-safe.
 */
public final class EventGenerator {
  private static final long FIRST_ID = 1000;
  private static final long FIRST_CATEGORY = 10;
  private static final int HOT_BLOCK = 100;
  private static final int ACTIVE_PEOPLE = 1000;
  private static final int LEAD = 10;
  private static final Integer[] KINDS = {0, 1, 2};
  private static final byte BLANK = ' ';

  private final NexmarkConfig config;
  private final Draws draws;
  private final Texts texts;
  private final People people;
  private final long epochSize;
  private final int bidExtraLeast;
  private final long bidExtraSpread;

  private TimestampData time = TimestampData.fromEpochMillis(0);

  public EventGenerator(NexmarkConfig config) {
    this.config = config;
    this.epochSize = config.epochSize();
    int largest =
        Math.max(config.bidAvgSize, Math.max(config.personAvgSize, config.auctionAvgSize));
    this.draws = new Draws(config.seed);
    this.texts = new Texts(draws, largest + largest / 4 + 8);
    this.people = new People(draws);
    int left = config.bidAvgSize - 32;
    this.bidExtraLeast = left < 0 ? 0 : left - delta(left);
    this.bidExtraSpread = left < 0 ? 0 : 2L * delta(left);
  }

  /** Event {@code n = epoch * epochSize + offset}. */
  public RowData event(long epoch, long offset) {
    long n = epoch * epochSize + offset;
    GenericRowData event = new GenericRowData(4);
    int kind = 2;
    RowData row;
    if (offset < config.personProportion) {
      kind = 0;
      row = person(n, epoch * config.personProportion + offset);
    } else if (offset < config.personProportion + config.auctionProportion) {
      kind = 1;
      long last = epoch * config.auctionProportion + offset - config.personProportion;
      row = auction(n, lastPersonOf(epoch), last);
    } else {
      long last = epoch * config.auctionProportion + config.auctionProportion - 1;
      row = bid(n, lastPersonOf(epoch), last);
    }
    event.setField(0, KINDS[kind]);
    event.setField(kind + 1, row);
    return event;
  }

  private long lastPersonOf(long epoch) {
    return epoch * config.personProportion + config.personProportion - 1;
  }

  private RowData person(long n, long lastPerson) {
    GenericRowData row = new GenericRowData(8);
    row.setField(0, FIRST_ID + lastPerson);
    int used = 8 + people.fill(n, row);
    row.setField(6, timeOf(n));
    long w5 = draws.word(n, 5);
    row.setField(7, extra(used, config.personAvgSize, w5 >>> 32, w5));
    return row;
  }

  private RowData auction(long n, long lastPerson, long lastAuction) {
    long w0 = draws.word(n, 0);
    long w1 = draws.word(n, 1);
    long w2 = draws.word(n, 2);
    long w3 = draws.word(n, 3);
    long w4 = draws.word(n, 4);
    long seller =
        pickHigh(w0, config.hotSellers) > 0
            ? lastPerson / HOT_BLOCK * HOT_BLOCK
            : activePerson(lastPerson, w0);
    long initialBid = Prices.price(w1 & 0xFFFFFFFFL);
    TimestampData opened = timeOf(n);
    long horizon = config.time(n + config.eventsPerHorizon()) - opened.getMillisecond();
    long expires = opened.getMillisecond() + 1 + pickHigh(w2, Math.max(1, 2 * horizon));

    GenericRowData row = new GenericRowData(10);
    row.setField(0, FIRST_ID + lastAuction);
    byte[] name = People.text(draws, n, 8, 3 + (int) pickHigh(w3, 17), BLANK);
    byte[] description = People.text(draws, n, 16, 3 + (int) pickLow(w3, 97), BLANK);
    row.setField(1, People.wrap(name));
    row.setField(2, People.wrap(description));
    row.setField(3, initialBid);
    row.setField(4, initialBid + Prices.price(w2 & 0xFFFFFFFFL));
    row.setField(5, opened);
    row.setField(6, TimestampData.fromEpochMillis(expires));
    row.setField(7, FIRST_ID + seller);
    row.setField(8, FIRST_CATEGORY + pickHigh(w1, 5));
    row.setField(
        9, extra(48 + name.length + description.length, config.auctionAvgSize, w4 >>> 32, w4));
    return row;
  }

  private RowData bid(long n, long lastPerson, long lastAuction) {
    long w0 = draws.word(n, 0);
    long w1 = draws.word(n, 1);
    long w2 = draws.word(n, 2);
    long w3 = draws.word(n, 3);
    long auction;
    if (pickHigh(w0, config.hotAuctions) > 0) {
      auction = lastAuction / HOT_BLOCK * HOT_BLOCK;
    } else {
      long low = Math.max(0, lastAuction - NexmarkConfig.AUCTIONS_IN_FLIGHT);
      auction = low + pickLow(w0, lastAuction - low + 1 + LEAD);
    }
    long bidder =
        pickHigh(w1, config.hotBidders) > 0
            ? lastPerson / HOT_BLOCK * HOT_BLOCK + 1
            : activePerson(lastPerson, w1);
    int slot =
        (int)
            (pickLow(w2, 2) > 0
                ? pickHigh(w3, Texts.HOT_CHANNELS)
                : Texts.HOT_CHANNELS + pickHigh(w3, Texts.CHANNELS));

    GenericRowData row = new GenericRowData(7);
    row.setField(0, FIRST_ID + auction);
    row.setField(1, 2 * FIRST_ID + bidder);
    row.setField(2, Prices.price(w2 >>> 32));
    row.setField(3, texts.channels[slot]);
    row.setField(4, texts.urls[slot]);
    row.setField(5, timeOf(n));
    row.setField(
        6,
        texts.extra((int) (w3 >>> 32) & 0xFFFF, bidExtraLeast + (int) pickLow(w3, bidExtraSpread)));
    return row;
  }

  private static long activePerson(long lastPerson, long word) {
    long people = lastPerson + 1;
    long active = Math.min(people, ACTIVE_PEOPLE);
    return people - active + pickLow(word, active + LEAD);
  }

  private Object extra(int used, int average, long draw, long word) {
    int left = average - used;
    if (left < 0) {
      return texts.extra(0, 0);
    }
    int delta = delta(left);
    int length = left - delta + (int) (draw * (2L * delta) >>> 32);
    return texts.extra((int) word & 0xFFFF, length);
  }

  private static int delta(int left) {
    return (2 * left + 5) / 10;
  }

  /** Events of one millisecond share their timestamp object. */
  private TimestampData timeOf(long n) {
    long millis = config.time(n);
    if (time.getMillisecond() != millis) {
      time = TimestampData.fromEpochMillis(millis);
    }
    return time;
  }
}
