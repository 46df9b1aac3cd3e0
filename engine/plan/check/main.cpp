// plan_check FOLDER: reads every job bundle and compiled stream plan (*.json) below FOLDER, e.g.
// Flink's own restore tests unpacked from flink-table-planner's test jar, and counts by reason what
// is refused. Run by hand when the reader or Flink's version changes.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "plan/bundle.h"
#include "plan/explain.h"

namespace {

namespace fs = std::filesystem;

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// The least bundle around a bare compiled plan.
std::string Wrap(std::string plan) {
  if (plan.find("\"castorBundle\"") != std::string::npos) return plan;
  return R"({"castorBundle":1,"flinkVersion":"2.3.0","name":"check","configuration":{},)"
         R"("tables":{},"statements":[],"operators":[],"plan":)" +
         plan + "}";
}

bool IsStreamPlan(const fs::directory_entry& entry) {
  return entry.is_regular_file() && entry.path().extension() == ".json" &&
         entry.path().string().find("batch-exec") == std::string::npos;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: plan_check FOLDER [--explain]\n");
    return 2;
  }
  const bool explain = argc > 2;
  int read = 0;
  std::map<std::string, int> refused;
  for (const auto& entry : fs::recursive_directory_iterator(argv[1])) {
    if (!IsStreamPlan(entry)) continue;
    const auto bundle = castor::plan::ReadBundle(Wrap(ReadFile(entry.path())));
    if (bundle.ok()) {
      ++read;
      if (explain) std::printf("%s\n", castor::plan::Explain(**bundle).c_str());
    } else {
      const std::string message = bundle.status().ToString();
      std::printf("%s: %s\n", entry.path().filename().c_str(), message.c_str());
      const size_t node = message.find("plan node '");
      ++refused[node == std::string::npos ? "other" : message.substr(node)];
    }
  }
  std::printf("\n%d read\n", read);
  for (const auto& [reason, count] : refused)
    std::printf("%d refused: %s\n", count, reason.c_str());
  return 0;
}
