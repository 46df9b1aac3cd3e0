package io.castor.flink.state;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;

/** Options of the state backend. */
public final class GeminiOptions {
  public static final ConfigOption<Boolean> MANAGED_MEMORY =
      ConfigOptions.key("state.backend.gemini.memory.managed")
          .booleanType()
          .defaultValue(true)
          .withDescription("Whether memory is the slot's share of Flink's managed memory.");

  public static final ConfigOption<MemorySize> OFFHEAP_SIZE =
      ConfigOptions.key("state.backend.gemini.offheap.size")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(256))
          .withDescription("Memory of all state in a slot, if it is not managed.");

  public static final ConfigOption<String> LOCAL_DIRECTORY =
      ConfigOptions.key("state.backend.gemini.local.dir")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Where state that does not fit into memory lies. By default the temporary folder of"
                  + " the task manager.");

  /** Where timers are. */
  public enum TimerService {
    GEMINI,
    HEAP
  }

  public static final ConfigOption<TimerService> TIMER_SERVICE =
      ConfigOptions.key("state.backend.gemini.timer-service.factory")
          .enumType(TimerService.class)
          .defaultValue(TimerService.GEMINI)
          .withDescription("Where timers are: in Gemini, or on the heap.");

  public static final ConfigOption<Integer> TIMER_CACHE_SIZE =
      ConfigOptions.key("state.backend.gemini.timer-service.cache-size")
          .intType()
          .defaultValue(1024)
          .withDescription(
              "How many timers of an operator instance, the earliest, are kept on the heap when"
                  + " timers are in Gemini; at times twice as many.");

  private GeminiOptions() {}
}
