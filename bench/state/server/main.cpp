// One side of the comparison as a process: commands come as lines of standard input, `verb
// name=value ...`; each is answered by a line of JSON. bench/state/suite gives them.
//
//   bench_state gemini|rocksdb|rocksdb-tuned|plain folder=F memory=BYTES value=BYTES
//
// and for gemini what GeminiSettings names.
#include <nlohmann/json.hpp>

#include <iostream>
#include <map>
#include <sstream>

#include "base/resident_memory.h"
#include "bench/state/server/check.h"
#include "bench/state/server/measure.h"

namespace castor::bench {
namespace {

using nlohmann::json;

class Arguments {
 public:
  explicit Arguments(std::istream& words) {
    for (std::string word; words >> word;) {
      const size_t equals = word.find('=');
      if (equals == std::string::npos) Fail("not name=value: " + word);
      values_[word.substr(0, equals)] = word.substr(equals + 1);
    }
  }
  std::string Text(const std::string& name, const std::string& absent = "") const {
    const auto at = values_.find(name);
    return at == values_.end() ? absent : at->second;
  }
  double Number(const std::string& name, double absent) const {
    const std::string text = Text(name);
    return text.empty() ? absent : std::stod(text);
  }
  uint64_t Count(const std::string& name, uint64_t absent) const {
    const std::string text = Text(name);
    return text.empty() ? absent : std::stoull(text);
  }

 private:
  std::map<std::string, std::string> values_;
};

WorkloadOptions WorkloadOf(const Arguments& arguments) {
  WorkloadOptions options;
  options.name = arguments.Text("workload");
  options.distribution = arguments.Text("distribution", options.distribution);
  options.keys = arguments.Count("keys", options.keys);
  options.entries = arguments.Count("entries", options.entries);
  options.batch = arguments.Count("batch", options.batch);
  options.seed = arguments.Count("seed", options.seed);
  return options;
}

json ToJson(const Histogram& histogram) {
  return {{"p50_us", histogram.Quantile(0.5) / 1e3},
          {"p99_us", histogram.Quantile(0.99) / 1e3},
          {"p999_us", histogram.Quantile(0.999) / 1e3},
          {"max_us", static_cast<double>(histogram.most()) / 1e3}};
}
json ToJson(const Answer& answer) { return {answer.sum, answer.count}; }
json ToJson(const CheckpointSize& size) {
  return {{"bytes", size.bytes}, {"new_bytes", size.new_bytes}};
}

class Server {
 public:
  Server(std::string kind, const Arguments& arguments) : kind_(std::move(kind)) {
    options_.folder = arguments.Text("folder");
    options_.memory_bytes = static_cast<int64_t>(arguments.Count("memory", 0));
    options_.value_bytes = static_cast<uint32_t>(arguments.Count("value", 48));
    options_.tuned = kind_ == "rocksdb-tuned";
    GeminiSettings& settings = options_.gemini;
    settings.tuned = arguments.Count("tuned", 0) != 0;
    settings.fan_in = static_cast<uint32_t>(arguments.Count("fan_in", settings.fan_in));
    settings.cache_sixteenths = static_cast<uint32_t>(arguments.Count("cache", 0));
    settings.separate_from = static_cast<uint32_t>(arguments.Count("separate_from", 0));
    settings.filter_of_oldest = arguments.Count("filter_of_oldest", 1) != 0;
  }

  json Answer(const std::string& verb, const Arguments& arguments) {
    if (verb == "open") return Open(arguments);
    if (!side_) Fail("'open' comes first");
    if (verb == "load") return Load(arguments);
    if (verb == "run") return Run(arguments);
    if (verb == "paced") return Paced(arguments);
    if (verb == "checkpoint") return Checkpoint();
    if (verb == "deletes") return Deletes(arguments);
    if (verb == "keep") return side_->KeepCheckpoint(arguments.Text("file")), json::object();
    if (verb == "settle") return side_->Settle(), json::object();
    if (verb == "counters") return side_->Counters();
    if (verb == "describe") return {{"text", side_->Describe()}, {"disk", side_->DiskBytes()}};
    Fail("no command is called " + verb);
  }

 private:
  json Open(const Arguments& arguments) {
    const std::string restored = arguments.Text("restored");
    if (kind_ == "plain") {
      side_ = OpenPlain(options_);
    } else if (kind_ == "gemini") {
      side_ = OpenGemini(options_, restored);
    } else {
      side_ = OpenRocksDb(options_, restored, arguments.Count("download", 1) != 0);
    }
    return json::object();
  }
  json Load(const Arguments& arguments) {
    MakeWorkload(WorkloadOf(arguments))->Load(side_.get());
    return json::object();
  }
  json Run(const Arguments& arguments) {
    Limits limits;
    limits.batches = arguments.Count("batches", limits.batches);
    limits.seconds = arguments.Number("seconds", limits.seconds);
    limits.interval_seconds = arguments.Number("interval", 0);
    const Measured measured =
        bench::Run(MakeWorkload(WorkloadOf(arguments)).get(), side_.get(), limits);
    json answer = ToJson(measured.batches);
    answer["operations"] = measured.operations;
    answer["seconds"] = measured.seconds;
    answer["cpu_seconds"] = measured.cpu_seconds;
    answer["bytes_written"] = measured.bytes_written;
    answer["answer"] = ToJson(measured.answer);
    if (!measured.timeline.empty()) answer["timeline"] = measured.timeline;
    return answer;
  }
  json Paced(const Arguments& arguments) {
    PacedOptions options;
    options.operations_per_second = arguments.Number("rate", 1e5);
    options.seconds = arguments.Number("seconds", 1);
    options.checkpoint = arguments.Count("checkpoint", 0) != 0;
    const bench::Paced paced =
        RunPaced(MakeWorkload(WorkloadOf(arguments)).get(), side_.get(), options);
    json answer = ToJson(paced.batches);
    answer["checkpoint_seconds"] = paced.checkpoint_seconds;
    answer["checkpoint"] = ToJson(paced.checkpoint);
    return answer;
  }
  json Checkpoint() {
    const CheckpointTimes times = TakeCheckpoint(side_.get());
    json answer = ToJson(times.size);
    answer["owner_seconds"] = times.owner_seconds;
    answer["seconds"] = times.seconds;
    return answer;
  }
  json Deletes(const Arguments& arguments) {
    const bench::Deletes deletes =
        WalkBesideDeletes(side_.get(), arguments.Count("count", 100'000));
    return {{"before", ToJson(deletes.before)},
            {"after", ToJson(deletes.after)},
            {"answer", ToJson(deletes.answer)}};
  }

  const std::string kind_;
  SideOptions options_;
  std::unique_ptr<Side> side_;
};

int Serve(int count, char** words) {
  std::ostringstream line;
  for (int i = 2; i < count; ++i) line << words[i] << ' ';
  std::istringstream given(line.str());
  const std::string kind = count > 1 ? words[1] : "";
  if (kind == "gemini") KeepAllocatorSmall();  // as the worker does
  if (kind != "gemini" && kind != "rocksdb" && kind != "rocksdb-tuned" && kind != "plain") {
    Fail("the first argument is gemini, rocksdb, rocksdb-tuned or plain");
  }
  Server server(kind, Arguments(given));
  for (std::string command; std::getline(std::cin, command);) {
    std::istringstream stream(command);
    std::string verb;
    stream >> verb;
    std::cout << server.Answer(verb, Arguments(stream)).dump() << std::endl;
  }
  return 0;
}

}  // namespace
}  // namespace castor::bench

int main(int count, char** words) { return castor::bench::Serve(count, words); }
