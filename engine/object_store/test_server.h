// An S3 server of a test: S3Proxy over a folder in /tmp, on a port of its own. Its buckets are
// folders of that folder.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "object_store/s3_settings.h"

namespace castor::object_store {

class TestServer {
 public:
  static constexpr const char* kAccessKey = "test-access";
  static constexpr const char* kSecretKey = "test-secret";

  TestServer() {
    char pattern[] = "/tmp/castor_s3_XXXXXX";
    folder_ = ::mkdtemp(pattern);
    port_ = FreePort();
    Start();
  }
  ~TestServer() {
    Kill();
    std::filesystem::remove_all(folder_);
  }
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  void MakeBucket(const std::string& name) {
    std::filesystem::create_directories(folder_ + "/data/" + name);
  }
  S3Settings settings() const {
    S3Settings settings;
    settings.endpoint_scheme = "http";
    settings.endpoint = "127.0.0.1:" + std::to_string(port_);
    settings.region = "us-east-1";
    settings.access_key = kAccessKey;
    settings.secret_key = kSecretKey;
    return settings;
  }

  void Start() {
    WriteProperties();
    process_ = ::fork();
    if (process_ == 0) {
      const std::string properties = folder_ + "/properties";
      const std::string log = folder_ + "/log";
      const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
      ::dup2(out, STDOUT_FILENO);
      ::dup2(out, STDERR_FILENO);
      ::execlp("java", "java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-jar", CASTOR_S3PROXY,
               "--properties", properties.c_str(), nullptr);
      std::_Exit(127);
    }
    constexpr int kTries = 1200;
    for (int i = 0; i < kTries && !Answers(); ++i) {
      if (::waitpid(process_, nullptr, WNOHANG) != 0) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    ASSERT_TRUE(Answers()) << "no server: " << CASTOR_S3PROXY
                           << " comes from scripts/setup.sh tests, and needs java";
  }
  void Kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
  }
  // It takes connections, and says nothing.
  void Pause() const { ::kill(process_, SIGSTOP); }
  void GoOn() const { ::kill(process_, SIGCONT); }

 private:
  static sockaddr_in Local(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }
  static int FreePort() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = Local(0);
    socklen_t size = sizeof(address);
    EXPECT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), 0);
    ::close(fd);
    return ntohs(address.sin_port);
  }
  bool Answers() const {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = Local(port_);
    const bool connected =
        ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    ::close(fd);
    return connected;
  }
  void WriteProperties() const {
    std::filesystem::create_directories(folder_ + "/data");
    std::ofstream(folder_ + "/properties") << "s3proxy.endpoint=http://127.0.0.1:" << port_ << "\n"
                                           << "s3proxy.authorization=aws-v2-or-v4\n"
                                           << "s3proxy.identity=" << kAccessKey << "\n"
                                           << "s3proxy.credential=" << kSecretKey << "\n"
                                           << "jclouds.provider=filesystem\n"
                                           << "jclouds.filesystem.basedir=" << folder_ << "/data\n";
  }

  std::string folder_;
  int port_ = 0;
  pid_t process_ = 0;
};

}  // namespace castor::object_store
