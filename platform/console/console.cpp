#include "platform/console/console.h"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>

#include "platform/console/files.h"

namespace castor::platform {
namespace {

constexpr std::string_view kPage = "/index.html";
constexpr std::string_view kNoncePlace = "{{nonce}}";
// Styles with the nonce are those that the components and the editor make while they run.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{}'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors "
    "'none'";

const ConsoleFile* Find(std::string_view address) {
  const auto files = ConsoleFiles();
  const auto found = std::ranges::lower_bound(files, address, {}, &ConsoleFile::address);
  return found != files.end() && found->address == address ? &*found : nullptr;
}

bool IsPage(std::string_view address) {
  constexpr std::array<std::string_view, 5> kPages = {"/", kPage, "/ns", "/login", "/account"};
  return std::ranges::find(kPages, address) != kPages.end() || address.starts_with("/ns/") ||
         address.starts_with("/admin/");
}

std::optional<std::string> MakeNonce() {
  std::array<unsigned char, 16> bytes;
  if (RAND_bytes(bytes.data(), bytes.size()) != 1) return std::nullopt;
  std::string nonce;
  for (const unsigned char byte : bytes) nonce += fmt::format("{:02x}", byte);
  return nonce;
}

HttpResponse Page(const ConsoleFile& page) {
  const std::optional<std::string> nonce = MakeNonce();
  if (!nonce) return {.status = 500, .content_type = "text/plain", .body = "no random numbers\n"};
  std::string html(page.bytes);
  const size_t place = html.find(kNoncePlace);
  if (place != std::string::npos) html.replace(place, kNoncePlace.size(), *nonce);
  return {.content_type = std::string(page.content_type),
          .body = std::move(html),
          .headers = {{"Content-Security-Policy", fmt::format(kPolicy, *nonce)},
                      {"Referrer-Policy", "no-referrer"},
                      {"Cross-Origin-Opener-Policy", "same-origin"}}};
}

bool HasAlready(const HttpRequest& request, const ConsoleFile& file) {
  const auto known = request.headers.find("if-none-match");
  return known != request.headers.end() && known->second.find(file.etag) != std::string::npos;
}

HttpResponse File(const HttpRequest& request, const ConsoleFile& file) {
  const bool is_immutable = file.address.starts_with("/assets/");
  HttpResponse response = {
      .content_type = std::string(file.content_type),
      .body = {},
      .headers = {
          {"ETag", std::string(file.etag)},
          {"Cache-Control", is_immutable ? "public, max-age=31536000, immutable" : "no-cache"}}};
  if (HasAlready(request, file)) {
    response.status = 304;
    return response;
  }
  response.headers.emplace_back("Content-Encoding", "gzip");
  response.body = file.bytes;
  return response;
}

}  // namespace

std::optional<HttpResponse> AnswerFromConsole(const HttpRequest& request) {
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  const ConsoleFile* const file = Find(IsPage(request.path) ? kPage : request.path);
  if (file == nullptr) return std::nullopt;
  return file->address == kPage ? Page(*file) : File(request, *file);
}

}  // namespace castor::platform
