#include <CLI/CLI.hpp>
#include <cstdlib>
#include <functional>

#include "cli/terminal/exit_code.h"
#include "platform/backup/backup.h"
#include "platform/client/commands.h"
#include "platform/server/run_platform.h"

// Started by `castor`, which has the help for people: `castor platform` is `castor-platform serve`,
// and `castor apply` and its kin are handed on as they are.
namespace castor::platform {
namespace {

class CommandLine {
 public:
  CommandLine() : app_("Castor Platform.", "castor-platform") {
    app_.require_subcommand(1);
    if (const char* server = std::getenv("CASTOR_PLATFORM"); server != nullptr && *server != 0) {
      client_.server = server;
    }
    AddServer();
    AddBackups();
    AddClients();
  }

  int Run(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return cli::Fail(Status::InvalidArgument(error.what()));
    }
    return chosen_();
  }

 private:
  void AddServer() {
    CLI::App* serve = app_.add_subcommand("serve");
    serve->add_option("--data-dir", server_.data_dir)->required();
    Endpoint& endpoint = server_.endpoint;
    serve->add_option("--port", endpoint.port)->check(CLI::Range(0, 65535));
    serve->add_option("--listen", endpoint.address);
    CLI::Option* certificate = serve->add_option("--tls-cert", endpoint.certificate);
    CLI::Option* key = serve->add_option("--tls-key", endpoint.key);
    certificate->needs(key);
    key->needs(certificate);
    serve->add_option("--flink-home", server_.flink_home)->envname("CASTOR_FLINK_HOME");
    serve->add_option("--flink-state-backend", server_.flink_state_backend)
        ->envname("CASTOR_FLINK_STATE_BACKEND");
    serve->callback([this] { chosen_ = [this] { return RunPlatform(server_); }; });
  }

  void AddBackups() {
    CLI::App* backup = app_.add_subcommand("backup");
    backup->add_option("--data-dir", server_.data_dir)->required();
    backup->add_option("--to", backup_)->required();
    backup->callback(
        [this] { chosen_ = [this] { return End(TakeBackup(server_.data_dir, backup_)); }; });
    CLI::App* restore = app_.add_subcommand("restore");
    restore->add_option("--from", backup_)->required();
    restore->add_option("--data-dir", server_.data_dir)->required();
    restore->callback(
        [this] { chosen_ = [this] { return End(RestoreBackup(backup_, server_.data_dir)); }; });
  }

  static int End(const Status& status) { return status.ok() ? cli::kSuccess : cli::Fail(status); }

  CLI::App* AddClient(const char* name, int (*run)(const ClientOptions&)) {
    CLI::App* command = app_.add_subcommand(name);
    command->set_help_flag();
    command->add_option("--server", client_.server);
    command->add_option("-n,--namespace", client_.in);
    command->add_option("--data-dir", client_.login.data_dir);
    command->add_option("--token-file", client_.login.token_file);
    command->callback([this, run] { chosen_ = [this, run] { return run(client_); }; });
    return command;
  }

  void AddWait(CLI::App* command) {
    command->add_flag("--wait", client_.wait);
    command->add_option("--timeout", client_.timeout_seconds)->check(CLI::Range(1, 86'400));
  }

  void AddClients() {
    CLI::App* apply = AddClient("apply", &Apply);
    apply->add_option("-f,--file", client_.file)->required();
    AddWait(apply);
    AddClient("diff", &Diff)->add_option("-f,--file", client_.file)->required();
    CLI::App* get = AddClient("get", &Get);
    get->add_option("deployment", client_.deployment);
    get->add_flag("--json", client_.json);
    AddClient("logs", &Logs)->add_option("deployment", client_.deployment)->required();
    CLI::App* events = AddClient("events", &Events);
    events->add_option("deployment", client_.deployment);
    events->add_flag("--watch", client_.watch);
    CLI::App* rollback = AddClient("rollback", &RollBack);
    rollback->add_option("deployment", client_.deployment)->required();
    rollback->add_option("--to-version", client_.version)->check(CLI::PositiveNumber);
    AddWait(rollback);
  }

  CLI::App app_;
  PlatformOptions server_;
  std::string backup_;  // its folder
  ClientOptions client_;
  std::function<int()> chosen_;
};

}  // namespace
}  // namespace castor::platform

int main(int argc, char** argv) { return castor::platform::CommandLine().Run(argc, argv); }
