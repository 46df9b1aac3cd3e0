#include "flink/cluster/processes.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "flink/cluster/rest_client.h"
#include "io/file_system.h"

namespace castor::flink {
namespace {

constexpr const char* kJobManager =
    "org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint";
constexpr const char* kTaskManager = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner";
constexpr const char* kReckoner = "org.apache.flink.runtime.util.bash.BashJavaUtils";
constexpr const char* kSqlDriver = "org.apache.flink.table.runtime.application.SqlDriver";
constexpr int kManyDeaths = 5;
constexpr int64_t kEarlyMs = 20'000;

// To the output of this process, and what went wrong in the job manager also into a file of its
// own.
constexpr const char* kLogging = R"(rootLogger.level = INFO
rootLogger.appenderRef.console.ref = Console
appender.console.name = Console
appender.console.type = CONSOLE
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{yyyy-MM-dd HH:mm:ss,SSS} [${sys:castor.process}] %-5p %c{1} - %m%n
rootLogger.appenderRef.errors.ref = Errors
appender.errors.name = Errors
appender.errors.type = File
appender.errors.fileName = ${sys:castor.errors}
appender.errors.append = false
appender.errors.filter.threshold.type = ThresholdFilter
appender.errors.filter.threshold.level = ERROR
appender.errors.layout.type = PatternLayout
appender.errors.layout.pattern = %m%n
)";

int64_t SteadyMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

Result<std::string> FindJava() {
  if (const std::string home = Environment("JAVA_HOME"); !home.empty()) {
    std::string java = home + "/bin/java";
    if (::access(java.c_str(), X_OK) == 0) return java;
  }
  std::stringstream folders(Environment("PATH"));
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::string java = folder + "/java";
    if (::access(java.c_str(), X_OK) == 0) return java;
  }
  return Status::NotFound(
      "Apache Flink needs Java, which is neither in JAVA_HOME nor on PATH; install Java 17");
}

// <folder>/<prefix>*.jar; empty if there is none.
std::string FindJar(const std::string& folder, const std::string& prefix) {
  auto entries = io::LocalFileSystem().List(folder);
  if (!entries.ok()) return "";
  for (const io::FileInfo& entry : *entries) {
    const std::string_view name = io::BaseName(entry.path);
    if (name.starts_with(prefix) && name.ends_with(".jar")) return entry.path;
  }
  return "";
}

Status Need(const std::string& jar, const std::string& what, const std::string& home) {
  if (!jar.empty()) return Status::OK();
  return Status::NotFound(
      fmt::format("there is no {} below {}: it is no folder of a distribution "
                  "of Apache Flink 2, or not all of one",
                  what, home));
}

Status WritePrivately(const std::string& path, const std::string& text) {
  CASTOR_RETURN_NOT_OK(io::WriteFileAtomically(io::LocalFileSystem(), path, text));
  ::chmod(path.c_str(), 0600);
  return Status::OK();
}

void Append(const std::vector<std::string>& more, std::vector<std::string>* arguments) {
  arguments->insert(arguments->end(), more.begin(), more.end());
}

// What says to the job manager which job it has, with the program's own arguments.
std::vector<std::string> ArgumentsOf(const ClusterOptions& options, const Program& program,
                                     const std::string& folder) {
  std::vector<std::string> arguments;
  if (!options.restore_from.empty()) {
    Append({"--fromSavepoint", ToUri(options.restore_from)}, &arguments);
    if (options.allow_non_restored_state) arguments.emplace_back("--allowNonRestoredState");
  }
  std::string jars;
  for (const std::string& jar : program.jars) jars += (jars.empty() ? "" : ",") + ToUri(jar);
  if (!jars.empty()) Append({"--jars", jars}, &arguments);
  const bool is_sql = program.kind == Program::Kind::kSql;
  const std::string entry = is_sql ? kSqlDriver : program.entry_class;
  if (!entry.empty()) Append({"--job-classname", entry}, &arguments);
  arguments.emplace_back("--");
  if (is_sql) {
    Append({"--scriptUri", ToUri(folder + "/script.sql")}, &arguments);
  } else {
    Append(program.arguments, &arguments);
  }
  return arguments;
}

void AddWords(const std::string& line, std::vector<std::string>* words) {
  std::istringstream stream(line);
  for (std::string word; stream >> word;) words->push_back(word);
}

std::string EndOf(int exit_code) {
  constexpr int kSignals = 128;
  return exit_code > kSignals ? fmt::format("was killed by signal {}", exit_code - kSignals)
                              : fmt::format("has ended with exit code {}", exit_code);
}

}  // namespace

Result<int> FindFreePort() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  const bool found = fd >= 0 &&
                     ::bind(fd, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                     ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  if (fd >= 0) ::close(fd);
  if (!found) return Status::IoError("there is no free port on 127.0.0.1");
  return static_cast<int>(ntohs(address.sin_port));
}

Result<std::unique_ptr<Processes>> Processes::Prepare(const ClusterOptions& options,
                                                      const Program& program, const Ports& ports,
                                                      const std::string& job_id) {
  std::unique_ptr<Processes> made(new Processes());
  made->folder_ = options.folder;
  made->home_ = options.flink_home;
  made->lock_ = options.lock;
  CASTOR_ASSIGN_OR_RETURN(const Settings settings, MakeSettings(program, options, ports));
  CASTOR_RETURN_NOT_OK(made->FindPrograms(options, program));
  CASTOR_RETURN_NOT_OK(made->WriteFiles(program, settings));
  // What Flink's scripts would set.
  ::setenv("FLINK_LIB_DIR", (made->home_ + "/lib").c_str(), 1);
  ::setenv("FLINK_OPT_DIR", (made->home_ + "/opt").c_str(), 1);
  ::setenv("FLINK_PLUGINS_DIR", (made->home_ + "/plugins").c_str(), 1);
  CASTOR_RETURN_NOT_OK(made->MakeArguments(options, program, job_id));
  return made;
}

Status Processes::MakeArguments(const ClusterOptions& options, const Program& program,
                                const std::string& job_id) {
  const std::string configuration = folder_ + "/conf";
  std::vector<std::string> jvm, flink;
  CASTOR_RETURN_NOT_OK(ReckonMemory("GET_TM_RESOURCE_PARAMS", &jvm, &flink));
  task_manager_arguments_ = Java("taskmanager");
  Append(jvm, &task_manager_arguments_);
  Append({kTaskManager, "--configDir", configuration}, &task_manager_arguments_);
  Append(flink, &task_manager_arguments_);
  jvm.clear();
  flink.clear();
  CASTOR_RETURN_NOT_OK(ReckonMemory("GET_JM_RESOURCE_PARAMS", &jvm, &flink));
  job_manager_arguments_ = Java("jobmanager");
  Append(jvm, &job_manager_arguments_);
  // It has little to do once it is up, and should be up soon.
  Append({"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"}, &job_manager_arguments_);
  Append({kJobManager, "--configDir", configuration, "--job-id", job_id}, &job_manager_arguments_);
  Append(flink, &job_manager_arguments_);
  Append(ArgumentsOf(options, program, folder_), &job_manager_arguments_);
  return Status::OK();
}

Status Processes::FindPrograms(const ClusterOptions& options, const Program& program) {
  CASTOR_ASSIGN_OR_RETURN(java_, FindJava());
  const std::string lib = home_ + "/lib", opt = home_ + "/opt";
  CASTOR_RETURN_NOT_OK(Need(FindJar(lib, "flink-dist"), "lib/flink-dist-*.jar", home_));
  CASTOR_RETURN_NOT_OK(
      Need(FindJar(home_ + "/bin", "bash-java-utils"), "bin/bash-java-utils.jar", home_));
  class_path_ = lib + "/*";
  if (!options.state_backend.empty()) class_path_ += ":" + options.state_backend;
  if (program.kind != Program::Kind::kSql) return Status::OK();
  const std::string gateway = FindJar(opt, "flink-sql-gateway");
  CASTOR_RETURN_NOT_OK(Need(gateway, "opt/flink-sql-gateway-*.jar, which SQL needs,", home_));
  class_path_ += ":" + gateway;
  return Status::OK();
}

Status Processes::WriteFiles(const Program& program, const Settings& settings) {
  io::FileSystem& files = io::LocalFileSystem();
  CASTOR_RETURN_NOT_OK(files.DeleteRecursively(folder_));
  for (const char* part : {"/conf", "/tmp"}) {
    CASTOR_RETURN_NOT_OK(files.MakeDirectories(folder_ + part));
  }
  CASTOR_RETURN_NOT_OK(WritePrivately(folder_ + "/conf/config.yaml", ToYaml(settings)));
  CASTOR_RETURN_NOT_OK(WritePrivately(folder_ + "/log4j.properties", kLogging));
  if (program.kind != Program::Kind::kSql) return Status::OK();
  return WritePrivately(folder_ + "/script.sql", program.script);
}

Status Processes::ReckonMemory(const char* what, std::vector<std::string>* jvm,
                               std::vector<std::string>* flink) const {
  const std::string said = fmt::format("{}/{}", folder_, what);
  cli::ChildOptions child;
  child.command = {
      java_,
      "-cp",
      FindJar(home_ + "/bin", "bash-java-utils") + ":" + FindJar(home_ + "/lib", "flink-dist"),
      kReckoner,
      what,
      "--configDir",
      folder_ + "/conf"};
  child.log_file = said;
  child.signal_on_parent_death = SIGKILL;
  CASTOR_ASSIGN_OR_RETURN(cli::Child process, cli::Child::Start(child));
  const int exit_code = process.Wait();
  CASTOR_ASSIGN_OR_RETURN(const std::string text, io::ReadWholeFile(io::LocalFileSystem(), said));
  // What it says of options may hold secrets.
  CASTOR_RETURN_NOT_OK(io::LocalFileSystem().DeleteFile(said));
  if (exit_code != 0) {
    return Status::InvalidArgument("Flink refuses the options of memory: " + RootCause(text));
  }
  constexpr std::string_view kResult = "BASH_JAVA_UTILS_EXEC_RESULT:";
  std::istringstream lines(text);
  std::vector<std::string>* into = jvm;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(kResult)) continue;
    AddWords(line.substr(kResult.size()), into);
    into = flink;
  }
  return Status::OK();
}

// The program and its arguments follow.
std::vector<std::string> Processes::Java(const std::string& who) const {
  std::vector<std::string> arguments = {
      "-Dcastor.process=" + who, fmt::format("-Dcastor.errors={}/{}.errors", folder_, who),
      fmt::format("-Dlog4j.configurationFile=file://{}/log4j.properties", folder_),
      "-Djava.io.tmpdir=" + folder_ + "/tmp"};
  for (const char* opened :
       {"lang", "lang.invoke", "math", "net", "io", "nio", "text", "time", "util",
        "util.concurrent", "util.concurrent.atomic", "util.concurrent.locks"}) {
    arguments.push_back(fmt::format("--add-opens=java.base/java.{}=ALL-UNNAMED", opened));
  }
  arguments.insert(arguments.end(), {"-cp", class_path_});
  return arguments;
}

Status Processes::Launch(const std::string& who, const std::vector<std::string>& arguments,
                         std::optional<cli::Child>* child) const {
  const std::string file = fmt::format("{}/{}.arguments", folder_, who);
  CASTOR_RETURN_NOT_OK(WritePrivately(file, ToArgumentFile(arguments)));
  cli::ChildOptions options;
  options.command = {java_, "@" + file};
  options.signal_on_parent_death = SIGKILL;
  if (lock_ >= 0) options.kept.push_back(lock_);
  CASTOR_ASSIGN_OR_RETURN(cli::Child started, cli::Child::Start(options));
  child->emplace(std::move(started));
  return Status::OK();
}

Status Processes::Start() {
  CASTOR_RETURN_NOT_OK(Launch("jobmanager", job_manager_arguments_, &job_manager_));
  return StartTaskManager();
}

Status Processes::StartTaskManager() {
  task_manager_started_at_ = SteadyMs();
  return Launch("taskmanager", task_manager_arguments_, &task_manager_);
}

Status Processes::Tend() {
  if (const auto code = job_manager_->Poll()) {
    const auto errors = io::ReadWholeFile(io::LocalFileSystem(), folder_ + "/jobmanager.errors");
    const std::string cause = errors.ok() ? RootCause(*errors) : "";
    return Status::Internal(
        fmt::format("the job manager {}{}{}", EndOf(*code), cause.empty() ? "" : ": ", cause));
  }
  const auto code = task_manager_->Poll();
  if (!code) return Status::OK();
  const bool early = SteadyMs() - task_manager_started_at_ < kEarlyMs;
  early_deaths_ = early ? early_deaths_ + 1 : 1;
  const std::string end = EndOf(*code);
  if (early_deaths_ >= kManyDeaths) {
    return Status::Internal(fmt::format("the task manager {}, {} times in a row; the log says why",
                                        end, early_deaths_));
  }
  std::fprintf(stderr, "the task manager %s; another one is started\n", end.c_str());
  return StartTaskManager();
}

void Processes::Kill() {
  for (auto* child : {&task_manager_, &job_manager_}) {
    if (!*child) continue;
    (*child)->Kill(SIGKILL);
    (*child)->Wait();
  }
}

Processes::~Processes() { Kill(); }

int64_t Processes::ResidentBytes() const {
  int64_t bytes = 0;
  for (const auto* child : {&task_manager_, &job_manager_}) {
    if (!*child) continue;
    std::ifstream statm(fmt::format("/proc/{}/statm", (*child)->pid()));
    int64_t pages = 0, resident = 0;
    if (statm >> pages >> resident) bytes += resident * ::sysconf(_SC_PAGESIZE);
  }
  return bytes;
}

}  // namespace castor::flink
