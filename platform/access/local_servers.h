// The servers of this machine's user, so that commands find the local token of the one they ask: a
// file for each port, in the user's own runtime folder, that names the data directory.
#pragma once

#include <string>

namespace castor::platform {

class LocalServers {
 public:
  // There while the server runs. Owned by it. That it cannot be written only means that commands
  // need --data-dir.
  class Entry {
   public:
    Entry(const std::string& runtime, int port, const std::string& data_dir);
    ~Entry();
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

   private:
    const std::string path_;
  };

  // The data directory of the server that has the port; empty: none is known.
  static std::string Find(const std::string& runtime, int port);
};

}  // namespace castor::platform
