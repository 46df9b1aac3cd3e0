#include "platform/sql/previews.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/job/job_report.h"
#include "cli/process/child.h"
#include "io/file_system.h"
#include "platform/metadata/store.h"
#include "platform/targets/process_lock.h"

namespace castor::platform {
namespace {

constexpr auto kLook = std::chrono::milliseconds(50);
constexpr int64_t kMostBytes = 4 << 20;   // of rows that are kept
constexpr int64_t kKeptMs = 10 * 60'000;  // after the end
constexpr size_t kMostKept = 16;

}  // namespace

struct Previews::Preview {
  std::string id;
  std::string place;
  std::string folder;
  PreviewLimits limits;
  int64_t begun_at = 0;
  int64_t ended_at = 0;  // 0: it runs
  bool launched = false;
  bool cancelled = false;
  std::streamoff read = 0;  // bytes of its output
  std::string rest;         // of a line that is not complete
  int64_t bytes = 0;
  PreviewShown shown = {.state = "RUNNING", .message = {}, .rows = {}};

  std::string File(const char* name) const { return folder + "/" + name; }
};

Previews::Previews(std::string folder, std::string worker)
    : folder_(std::move(folder)), worker_(std::move(worker)), thread_([this] { Work(); }) {}

Result<std::unique_ptr<Previews>> Previews::Open(std::string folder, std::string worker) {
  CASTOR_RETURN_NOT_OK(io::LocalFileSystem().DeleteRecursively(folder));
  CASTOR_RETURN_NOT_OK(io::LocalFileSystem().MakeDirectories(folder));
  return std::unique_ptr<Previews>(new Previews(std::move(folder), std::move(worker)));
}

Previews::~Previews() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

Result<std::string> Previews::Start(const std::string& place, const std::string& bundle,
                                    const PreviewLimits& limits) {
  auto preview = std::make_unique<Preview>();
  preview->id = NewId();
  preview->place = place;
  preview->folder = folder_ + "/" + preview->id;
  preview->limits = limits;
  preview->begun_at = NowMs();
  std::string id = preview->id;
  CASTOR_RETURN_NOT_OK(io::LocalFileSystem().MakeDirectories(preview->folder));
  CASTOR_RETURN_NOT_OK(
      io::WriteFileAtomically(io::LocalFileSystem(), preview->File("bundle.json"), bundle));
  {
    const std::lock_guard lock(mutex_);
    size_t running = 0;
    for (const auto& [other, each] : previews_) running += each->ended_at == 0 ? 1 : 0;
    if (running >= kMostRunning) {
      std::error_code ignored;  // the next server deletes what stays
      std::filesystem::remove_all(preview->folder, ignored);
      return Status::ResourceExhausted(
          fmt::format("{} previews run already; end one or try later", running));
    }
    previews_[id] = std::move(preview);
  }
  changed_.notify_all();
  return id;
}

Result<Previews::Preview*> Previews::Find(const std::string& place, const std::string& id) const {
  const auto found = previews_.find(id);
  if (found == previews_.end() || found->second->place != place) {
    return Status::NotFound("there is no preview with the id " + id);
  }
  return found->second.get();
}

Result<PreviewShown> Previews::Show(const std::string& place, const std::string& id,
                                    int64_t after) const {
  const std::lock_guard lock(mutex_);
  CASTOR_ASSIGN_OR_RETURN(const Preview* preview, Find(place, id));
  PreviewShown shown = preview->shown;
  const auto known = std::min(static_cast<size_t>(std::max<int64_t>(after, 0)), shown.rows.size());
  shown.rows.erase(shown.rows.begin(), shown.rows.begin() + static_cast<ptrdiff_t>(known));
  return shown;
}

Status Previews::Cancel(const std::string& place, const std::string& id) {
  {
    const std::lock_guard lock(mutex_);
    CASTOR_ASSIGN_OR_RETURN(Preview * preview, Find(place, id));
    preview->cancelled = true;
  }
  changed_.notify_all();
  return Status::OK();
}

void Previews::Work() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    bool any = false;
    for (const auto& [id, preview] : previews_) {
      if (preview->ended_at != 0) continue;
      any = true;
      Step(preview.get());
    }
    ForgetOld();
    if (any) {
      changed_.wait_for(lock, kLook);
    } else {
      changed_.wait_for(lock, std::chrono::seconds(10));
    }
  }
  for (const auto& [id, preview] : previews_) {
    if (preview->ended_at == 0) End(preview.get(), "CANCELLED", "the server ends");
  }
}

void Previews::Step(Preview* preview) {
  if (!preview->launched) {
    const Status launched = Launch(preview);
    preview->launched = true;
    if (!launched.ok()) return End(preview, "FAILED", launched.message());
  }
  // Before the rows: what it has written is there once it has gone.
  const bool has_gone = FindHolder(preview->File("lock")).state == ProcessState::kGone;
  ReadRows(preview);
  if (preview->ended_at != 0) return;
  if (preview->cancelled) return End(preview, "CANCELLED", "");
  if (has_gone) return Conclude(preview);
  if (NowMs() - preview->begun_at > preview->limits.milliseconds) {
    End(preview, "FINISHED", fmt::format("ended after {} s", preview->limits.milliseconds / 1'000));
  }
}

Status Previews::Launch(Preview* preview) {
  CASTOR_ASSIGN_OR_RETURN(const ProcessLock lock, ProcessLock::Take(preview->File("lock")));
  cli::ChildOptions options;
  options.command = {worker_,
                     "--bundle",
                     preview->File("bundle.json"),
                     "--name",
                     "preview",
                     "--report",
                     preview->File("report"),
                     "--output",
                     "json",
                     "--memory",
                     "512mb",
                     "--set",
                     "execution.checkpointing.interval=0",
                     "--set",
                     "restart-strategy.type=none"};
  options.log_file = preview->File("output");
  options.lock = lock.fd();
  options.signal_on_parent_death = SIGKILL;
  return cli::Child::Start(options).status();
}

void Previews::ReadRows(Preview* preview) {
  std::ifstream file(preview->File("output"), std::ios::binary);
  if (!file) return;
  file.seekg(preview->read);
  char buffer[1 << 16];
  while (preview->ended_at == 0 && (file.read(buffer, sizeof(buffer)), file.gcount() > 0)) {
    std::string_view text(buffer, static_cast<size_t>(file.gcount()));
    preview->read += file.gcount();
    for (size_t end; (end = text.find('\n')) != std::string_view::npos && preview->ended_at == 0;) {
      AddLine(preview, std::exchange(preview->rest, {}).append(text.substr(0, end)));
      text.remove_prefix(end + 1);
    }
    preview->rest += text;
    if (static_cast<int64_t>(preview->rest.size()) > kMostBytes) {
      End(preview, "FINISHED", "ended: a row is too large to be shown");
    }
  }
}

void Previews::AddLine(Preview* preview, std::string line) {
  if (!line.starts_with("{\"op\"")) return;  // what the worker says besides
  preview->bytes += static_cast<int64_t>(line.size());
  preview->shown.rows.push_back(std::move(line));
  const auto rows = static_cast<int64_t>(preview->shown.rows.size());
  if (rows >= preview->limits.rows) {
    End(preview, "FINISHED", fmt::format("ended after {} rows", rows));
  } else if (preview->bytes > kMostBytes) {
    End(preview, "FINISHED", fmt::format("ended after {} bytes", preview->bytes));
  }
}

// Its process has gone by itself.
void Previews::Conclude(Preview* preview) {
  const auto report = cli::ReadJobReport(preview->File("report"));
  if (report && report->error.empty()) return End(preview, "FINISHED", "");
  End(preview, "FAILED", report ? report->error : "the worker was killed");
}

void Previews::End(Preview* preview, const char* state, std::string message) {
  const LockHolder holder = FindHolder(preview->File("lock"));
  if (holder.state == ProcessState::kAlive && holder.pid > 0) ::kill(holder.pid, SIGKILL);
  preview->shown.state = state;
  preview->shown.message = std::move(message);
  preview->ended_at = NowMs();
  preview->rest.clear();
  std::error_code ignored;  // the next server deletes what stays
  std::filesystem::remove_all(preview->folder, ignored);
}

void Previews::ForgetOld() {
  const int64_t now = NowMs();
  for (auto each = previews_.begin(); each != previews_.end();) {
    const int64_t ended_at = each->second->ended_at;
    const bool is_old = ended_at != 0 && now - ended_at > kKeptMs;
    each = is_old ? previews_.erase(each) : std::next(each);
  }
  while (previews_.size() > kMostKept) {
    auto oldest = previews_.end();
    for (auto each = previews_.begin(); each != previews_.end(); ++each) {
      if (each->second->ended_at == 0) continue;
      if (oldest == previews_.end() || each->second->ended_at < oldest->second->ended_at) {
        oldest = each;
      }
    }
    if (oldest == previews_.end()) return;
    previews_.erase(oldest);
  }
}

Status CheckReadsOnly(const std::string& bundle) {
  using Json = nlohmann::json;
  try {
    const Json json = Json::parse(bundle);
    const auto number = [](const Json& id) {
      return id.is_string() ? std::stoll(id.get<std::string>()) : id.get<int64_t>();
    };
    const int64_t shown =
        json.contains("collect") ? json["collect"].at("nodeId").get<int64_t>() : -1;
    for (const Json& node : json.at("plan").at("nodes")) {
      const auto type = node.at("type").get<std::string>();
      const bool writes = type.find("sink") != std::string::npos && number(node.at("id")) != shown;
      if (writes) {
        return Status::InvalidArgument("a preview writes to no table, but this would: " +
                                       node.at("description").get<std::string>());
      }
    }
  } catch (const std::exception& error) {
    return Status::Internal(std::string("the plan cannot be read: ") + error.what());
  }
  return Status::OK();
}

}  // namespace castor::platform
