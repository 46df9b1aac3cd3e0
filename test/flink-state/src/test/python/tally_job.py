"""A program of PyFlink with keyed state of several kinds and timers; its argument is where its results go."""

import sys

from pyflink.common import Types, WatermarkStrategy
from pyflink.common.serialization import Encoder
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.connectors.file_system import FileSink
from pyflink.datastream.functions import KeyedProcessFunction, RuntimeContext
from pyflink.datastream.state import (
    ListStateDescriptor,
    MapStateDescriptor,
    ReducingStateDescriptor,
    ValueStateDescriptor,
)

KEYS = 20
VALUES = 4000
WINDOW_MS = 500
END = 10 * VALUES


class Itself(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value


class Tally(KeyedProcessFunction):
    """Tells how many values a key has in each window, and at the end what it has tallied of all."""

    def open(self, context: RuntimeContext):
        self.count = context.get_state(ValueStateDescriptor("count", Types.LONG()))
        self.largest = context.get_reducing_state(
            ReducingStateDescriptor("largest", max, Types.LONG())
        )
        self.windows = context.get_map_state(
            MapStateDescriptor("windows", Types.LONG(), Types.LONG())
        )
        self.hundreds = context.get_list_state(ListStateDescriptor("hundreds", Types.LONG()))

    def process_element(self, value, context: "KeyedProcessFunction.Context"):
        count = (self.count.value() or 0) + 1
        self.count.update(count)
        self.largest.add(value)
        if count % 100 == 0:
            self.hundreds.add(value)
        end = value - value % WINDOW_MS + WINDOW_MS
        self.windows.put(end, (self.windows.get(end) or 0) + 1)
        context.timer_service().register_event_time_timer(end)
        context.timer_service().register_event_time_timer(END)

    def on_timer(self, timestamp, context: "KeyedProcessFunction.OnTimerContext"):
        key = context.get_current_key()
        if timestamp < END:
            yield f"{key} until {timestamp}: {self.windows.get(timestamp)}"
            self.windows.remove(timestamp)
        else:
            windows = list(self.windows.items())
            hundreds = list(self.hundreds.get())
            yield f"{key}: {self.count.value()} up to {self.largest.get()}, {hundreds}, {windows}"


def main():
    environment = StreamExecutionEnvironment.get_execution_environment()
    values = environment.from_collection(list(range(VALUES)), type_info=Types.LONG())
    strategy = WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Itself())
    (
        values.assign_timestamps_and_watermarks(strategy)
        .key_by(lambda value: value % KEYS, key_type=Types.LONG())
        .process(Tally(), output_type=Types.STRING())
        .sink_to(
            FileSink.for_row_format(sys.argv[1], Encoder.simple_string_encoder()).build()
        )
    )
    environment.execute("tally")


if __name__ == "__main__":
    main()
