#include "platform/access/local_servers.h"

#include <unistd.h>

#include <fstream>

namespace castor::platform {
namespace {

std::string PathOf(const std::string& runtime, int port) {
  return runtime + "/platform-" + std::to_string(port);
}

}  // namespace

LocalServers::Entry::Entry(const std::string& runtime, int port, const std::string& data_dir)
    : path_(PathOf(runtime, port)) {
  std::ofstream(path_, std::ios::trunc) << data_dir << '\n';
}

LocalServers::Entry::~Entry() { ::unlink(path_.c_str()); }

std::string LocalServers::Find(const std::string& runtime, int port) {
  std::string data_dir;
  std::ifstream file(PathOf(runtime, port));
  std::getline(file, data_dir);
  return data_dir;
}

}  // namespace castor::platform
