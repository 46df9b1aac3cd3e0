#include "cli/job/status_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace castor::cli {
namespace {

std::string WatermarkText(const JobStatus& status) {
  if (status.input_ended) return "end of input";
  if (!status.watermark_ms) return "none yet";
  return fmt::format("{} (lag {})", FormatTimestamp(*status.watermark_ms),
                     FormatDuration(status.now_ms - *status.watermark_ms));
}

std::string CheckpointText(const JobStatus& status) {
  if (status.completed_checkpoints == 0) return "none";
  std::string size = FormatBytes(status.checkpoint_bytes);
  if (status.checkpoint_full_bytes > status.checkpoint_bytes) {
    size += " of " + FormatBytes(status.checkpoint_full_bytes);
  }
  return fmt::format("{}, {}, {}", status.completed_checkpoints,
                     FormatDuration(status.checkpoint_ms), size);
}

// In whole seconds: anything finer would only flicker.
std::string AgeText(int64_t ms) {
  constexpr int64_t kSecond = 1000;
  if (ms < kSecond) return "just now";
  if (ms < 60 * kSecond) return fmt::format("{} s ago", ms / kSecond);
  return FormatDuration(ms) + " ago";
}

std::string MemoryText(const JobStatus& status) {
  if (!status.memory_limit) return FormatBytes(status.memory_bytes);
  return FormatBytes(status.memory_bytes) + " of " + FormatBytes(*status.memory_limit);
}

// Ten cells, filled by eighths.
std::string Bar(int64_t per_mille) {
  constexpr const char* kEighths[] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
  constexpr int kCells = 10;
  int64_t eighths = std::clamp<int64_t>(per_mille, 0, 1000) * kCells * 8 / 1000;
  std::string bar;
  for (int i = 0; i < kCells; ++i) {
    bar += kEighths[std::clamp<int64_t>(eighths, 0, 8)];
    eighths -= 8;
  }
  return bar;
}

std::string Plural(int64_t n, std::string_view singular) {
  return fmt::format("{} {}{}", FormatCount(n), singular, n == 1 ? "" : "s");
}

// What went by with a mark against it: only said when there is some.
std::string Troubles(const JobStatus& status) {
  std::string text;
  if (const int64_t late = status.late_records(); late > 0) {
    text += ", " + Plural(late, "late row") + " dropped";
  }
  if (const int64_t bad = status.bad_records(); bad > 0) text += ", " + Plural(bad, "bad record");
  if (status.failed_checkpoints > 0) {
    text += ", " + Plural(status.failed_checkpoints, "failed checkpoint");
  }
  if (status.restarts > 0) text += ", " + Plural(status.restarts, "restart");
  return text;
}

std::string StateStyled(const std::string& state, const Style& style) {
  if (state == "RUNNING") return style.Green("running");
  std::string lower = state;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return style.Yellow(lower);
}

}  // namespace

Rates RatesBetween(const std::optional<JobStatus>& before, const JobStatus& now) {
  const int64_t since = before ? before->now_ms : now.started_at_ms;
  const double seconds = static_cast<double>(now.now_ms - since) / 1000;
  if (seconds <= 0) return {};
  const int64_t in = now.records_in - (before ? before->records_in : 0);
  const int64_t out = now.records_out - (before ? before->records_out : 0);
  return {.in = static_cast<double>(std::max<int64_t>(in, 0)) / seconds,
          .out = static_cast<double>(std::max<int64_t>(out, 0)) / seconds};
}

std::vector<std::string> LiveLines(const JobStatus& status, const Rates& rates,
                                   const CheckpointAge& age, const std::string& hint,
                                   const Style& style) {
  const auto label = [&style](const char* text) {
    return style.Dim(fmt::format("  {:<11}", text));
  };
  std::string checkpoint = CheckpointText(status);
  if (status.completed_checkpoints > 0 && age.seen_at_ms > 0) {
    checkpoint += ", " + AgeText(status.now_ms - age.seen_at_ms);
  }
  std::vector<std::string> lines;
  lines.push_back(style.Bold("● " + status.name) + "  " + StateStyled(status.state, style) + "  " +
                  FormatClock(status.now_ms - status.started_at_ms) +
                  style.Yellow(Troubles(status)));
  lines.push_back(
      label("rows in") +
      fmt::format("{:>15}  {:>9}", FormatCount(status.records_in), FormatRate(rates.in)) +
      style.Dim("    rows out ") +
      fmt::format("{:>13}  {:>9}", FormatCount(status.records_out), FormatRate(rates.out)));
  lines.push_back(label("watermark") + WatermarkText(status));
  lines.push_back(label("checkpoint") + checkpoint);
  lines.push_back(label("state") + FormatBytes(status.state_bytes) + style.Dim("    memory ") +
                  MemoryText(status));
  if (const OperatorStatus* busiest = status.busiest()) {
    const int64_t busy = *busiest->busy_ms_per_second;
    lines.push_back(label("busiest") + style.Cyan(Bar(busy)) +
                    fmt::format(" {:>3}%  {}", (busy + 5) / 10, WithoutDefaults(busiest->name)));
  }
  if (!hint.empty()) lines.push_back(style.Dim("  " + hint));
  return lines;
}

std::string WithoutDefaults(std::string text) {
  for (const std::string_view prefix :
       {"default_catalog, default_database, ", "default_catalog.default_database.",
        "`default_catalog`.`default_database`."}) {
    for (size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) {
      text.erase(at, prefix.size());
    }
  }
  return text;
}

std::string PlainLine(const JobStatus& status, const Rates& rates) {
  std::string line = fmt::format(
      "{} {} {}: {} rows in ({}), {} out ({}), watermark {}, checkpoint {}, state {}", status.name,
      StateStyled(status.state, Style(false)), FormatDuration(status.now_ms - status.started_at_ms),
      FormatCount(status.records_in), FormatRate(rates.in), FormatCount(status.records_out),
      FormatRate(rates.out), WatermarkText(status), CheckpointText(status),
      FormatBytes(status.state_bytes));
  if (const OperatorStatus* busiest = status.busiest()) {
    std::string_view name = busiest->name;
    name = name.substr(0, name.find('('));
    line += fmt::format(", busiest {} {}%", name, (*busiest->busy_ms_per_second + 5) / 10);
  }
  return line + Troubles(status);
}

std::string SummaryLine(const JobStatus& status, const std::string& verb, const Style& style) {
  const Rates rates = RatesBetween(std::nullopt, status);
  std::string line = style.Bold(status.name) + " " + verb + " after " +
                     FormatDuration(status.now_ms - status.started_at_ms) +
                     fmt::format(": {} rows in ({}), {} out", FormatCount(status.records_in),
                                 FormatRate(rates.in), FormatCount(status.records_out));
  if (status.completed_checkpoints > 0) {
    line += ", " + Plural(status.completed_checkpoints, "checkpoint");
  }
  return line + Troubles(status);
}

}  // namespace castor::cli
