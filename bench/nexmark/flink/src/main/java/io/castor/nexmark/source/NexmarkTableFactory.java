package io.castor.nexmark.source;

import io.castor.nexmark.generator.NexmarkConfig;
import java.time.Duration;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;

/** {@code connector = 'nexmark'}; options are described in {@code spec/nexmark.md}, section 2. */
public final class NexmarkTableFactory implements DynamicTableSourceFactory {
  enum RateShape {
    SQUARE,
    SINE
  }

  private static final ConfigOption<Long> EVENTS_NUM =
      ConfigOptions.key("events.num").longType().defaultValue(0L);
  private static final ConfigOption<Long> STOP_AT =
      ConfigOptions.key("stop-at").longType().defaultValue(-1L);
  private static final ConfigOption<Boolean> KEEP_ALIVE =
      ConfigOptions.key("keep-alive").booleanType().defaultValue(false);
  private static final ConfigOption<Duration> LINGER =
      ConfigOptions.key("linger").durationType().defaultValue(Duration.ZERO);
  private static final ConfigOption<Integer> FIRST_EVENT_RATE = integer("first-event.rate", 10000);
  private static final ConfigOption<Integer> NEXT_EVENT_RATE =
      ConfigOptions.key("next-event.rate").intType().noDefaultValue();
  private static final ConfigOption<RateShape> RATE_SHAPE =
      ConfigOptions.key("rate.shape").enumType(RateShape.class).defaultValue(RateShape.SQUARE);
  private static final ConfigOption<Duration> RATE_PERIOD =
      ConfigOptions.key("rate.period").durationType().defaultValue(Duration.ofSeconds(600));
  private static final ConfigOption<Boolean> RATE_LIMITED =
      ConfigOptions.key("rate.limited").booleanType().defaultValue(false);
  private static final ConfigOption<Boolean> MAX_EMIT_SPEED =
      ConfigOptions.key("max-emit-speed").booleanType().defaultValue(true);
  private static final ConfigOption<Integer> PERSON_PROPORTION = integer("person.proportion", 1);
  private static final ConfigOption<Integer> AUCTION_PROPORTION = integer("auction.proportion", 3);
  private static final ConfigOption<Integer> BID_PROPORTION = integer("bid.proportion", 46);
  private static final ConfigOption<MemorySize> PERSON_SIZE = size("person.avg-size", "200b");
  private static final ConfigOption<MemorySize> AUCTION_SIZE = size("auction.avg-size", "500b");
  private static final ConfigOption<MemorySize> BID_SIZE = size("bid.avg-size", "100b");
  private static final ConfigOption<Integer> HOT_AUCTIONS = integer("bid.hot-ratio.auctions", 2);
  private static final ConfigOption<Integer> HOT_BIDDERS = integer("bid.hot-ratio.bidders", 4);
  private static final ConfigOption<Integer> HOT_SELLERS = integer("auction.hot-ratio.sellers", 4);
  private static final ConfigOption<Long> SEED =
      ConfigOptions.key("seed").longType().defaultValue(0L);
  private static final ConfigOption<Long> BASE_TIME =
      ConfigOptions.key("base-time").longType().defaultValue(1436918400000L);

  private static ConfigOption<Integer> integer(String key, int value) {
    return ConfigOptions.key(key).intType().defaultValue(value);
  }

  private static ConfigOption<MemorySize> size(String key, String value) {
    return ConfigOptions.key(key).memoryType().defaultValue(MemorySize.parse(value));
  }

  @Override
  public DynamicTableSource createDynamicTableSource(Context context) {
    FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
    helper.validate();
    DataType type = context.getPhysicalRowDataType();
    NexmarkTableSource.requireSchema(type);
    return new NexmarkTableSource(config(helper.getOptions()), type);
  }

  private static NexmarkConfig config(ReadableConfig options) {
    NexmarkConfig config = new NexmarkConfig();
    config.seed = options.get(SEED);
    config.baseTime = options.get(BASE_TIME);
    config.rate = options.get(FIRST_EVENT_RATE);
    if (options.getOptional(NEXT_EVENT_RATE).orElse((int) config.rate) != config.rate) {
      throw new ValidationException("nexmark: next-event.rate must equal first-event.rate");
    }
    config.eventsNum = options.get(EVENTS_NUM);
    config.stopAt = options.get(STOP_AT);
    config.keepAlive = options.get(KEEP_ALIVE);
    config.lingerMillis = options.get(LINGER).toMillis();
    config.paced = options.get(RATE_LIMITED) || !options.get(MAX_EMIT_SPEED);
    config.personProportion = options.get(PERSON_PROPORTION);
    config.auctionProportion = options.get(AUCTION_PROPORTION);
    config.bidProportion = options.get(BID_PROPORTION);
    config.personAvgSize = bytes(options.get(PERSON_SIZE));
    config.auctionAvgSize = bytes(options.get(AUCTION_SIZE));
    config.bidAvgSize = bytes(options.get(BID_SIZE));
    config.hotAuctions = options.get(HOT_AUCTIONS);
    config.hotBidders = options.get(HOT_BIDDERS);
    config.hotSellers = options.get(HOT_SELLERS);
    try {
      return config.validated();
    } catch (IllegalArgumentException e) {
      throw new ValidationException(e.getMessage());
    }
  }

  private static int bytes(MemorySize size) {
    return (int) Math.min(size.getBytes(), Integer.MAX_VALUE);
  }

  @Override
  public String factoryIdentifier() {
    return "nexmark";
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of();
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of(
        EVENTS_NUM,
        STOP_AT,
        KEEP_ALIVE,
        LINGER,
        FIRST_EVENT_RATE,
        NEXT_EVENT_RATE,
        RATE_SHAPE,
        RATE_PERIOD,
        RATE_LIMITED,
        MAX_EMIT_SPEED,
        PERSON_PROPORTION,
        AUCTION_PROPORTION,
        BID_PROPORTION,
        PERSON_SIZE,
        AUCTION_SIZE,
        BID_SIZE,
        HOT_AUCTIONS,
        HOT_BIDDERS,
        HOT_SELLERS,
        SEED,
        BASE_TIME);
  }
}
