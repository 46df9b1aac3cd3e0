package io.castor.nexmark.generator;

import java.io.Serializable;

/** What determines the stream besides the event number; {@code spec/nexmark.md}, section 2. */
public final class NexmarkConfig implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int MAX_EPOCH = 1_000_000;
  private static final int MAX_AVERAGE_SIZE = 1 << 20;
  static final int AUCTIONS_IN_FLIGHT = 100;

  public long seed = 0;
  public long baseTime = 1436918400000L;
  public long rate = 10000;
  public long eventsNum = 0;
  public long stopAt = -1;
  public boolean keepAlive = false;
  public long lingerMillis = 0;
  public boolean paced = false;
  public int personProportion = 1;
  public int auctionProportion = 3;
  public int bidProportion = 46;
  public int personAvgSize = 200;
  public int auctionAvgSize = 500;
  public int bidAvgSize = 100;
  public int hotAuctions = 2;
  public int hotBidders = 4;
  public int hotSellers = 4;

  /** Events in one epoch, the unit in which splits share the stream. */
  public long epochSize() {
    return (long) personProportion + auctionProportion + bidProportion;
  }

  /** Number of events, or {@link Long#MAX_VALUE} for a stream without end. */
  public long lastEvent() {
    long end = eventsNum == 0 ? Long.MAX_VALUE : eventsNum;
    return stopAt < 0 ? end : Math.min(stopAt, end);
  }

  public boolean isBounded() {
    return !keepAlive && lastEvent() != Long.MAX_VALUE;
  }

  /** Event time in milliseconds. */
  public long time(long n) {
    return baseTime + n * 1000 / rate;
  }

  /** Events until as many auctions have opened as are in flight at a time. */
  long eventsPerHorizon() {
    return AUCTIONS_IN_FLIGHT * epochSize() / auctionProportion;
  }

  /** Throws {@link IllegalArgumentException} naming the option that is out of range. */
  public NexmarkConfig validated() {
    atLeast("first-event.rate", rate, 1);
    atLeast("events.num", eventsNum, 0);
    atLeast("stop-at", stopAt, -1);
    atLeast("linger", lingerMillis, 0);
    atLeast("person.proportion", personProportion, 0);
    atLeast("auction.proportion", auctionProportion, 0);
    atLeast("bid.proportion", bidProportion, 0);
    atLeast("bid.hot-ratio.auctions", hotAuctions, 1);
    atLeast("bid.hot-ratio.bidders", hotBidders, 1);
    atLeast("auction.hot-ratio.sellers", hotSellers, 1);
    within("person.avg-size", personAvgSize, 0, MAX_AVERAGE_SIZE);
    within("auction.avg-size", auctionAvgSize, 0, MAX_AVERAGE_SIZE);
    within("bid.avg-size", bidAvgSize, 0, MAX_AVERAGE_SIZE);
    within(
        "the sum of person.proportion, auction.proportion and bid.proportion",
        epochSize(),
        1,
        MAX_EPOCH);
    if (auctionProportion > 0) {
      within(
          "the auction horizon (auctions in flight over first-event.rate), in milliseconds,",
          eventsPerHorizon() * 1000 / rate + 1,
          0,
          (1L << 31) - 1);
    }
    return this;
  }

  private static void atLeast(String option, long value, long least) {
    within(option, value, least, Long.MAX_VALUE);
  }

  private static void within(String option, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "nexmark: "
              + option
              + " is "
              + value
              + ", but must be "
              + (most == Long.MAX_VALUE ? "at least " + least : "in " + least + " .. " + most));
    }
  }
}
