#include "object_store/s3_settings.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace castor::object_store {
namespace {

constexpr std::string_view kPrefix = "s3.";

// A key and its older name.
struct Key {
  const char* name;
  const char* fallback = nullptr;
};
constexpr Key kAccessKey{"s3.access-key", "s3.access.key"};
constexpr Key kSecretKey{"s3.secret-key", "s3.secret.key"};
constexpr Key kEndpoint{"s3.endpoint"};
constexpr Key kRegion{"s3.region"};
constexpr Key kPathStyle{"s3.path-style-access", "s3.path.style.access"};
constexpr Key kAnonymous{"s3.anonymous-credentials"};
constexpr Key kKeys[] = {kAccessKey, kSecretKey, kEndpoint, kRegion, kPathStyle, kAnonymous};

std::string NameIn(const Configuration& configuration, const Key& key) {
  const bool older = key.fallback != nullptr && !configuration.Find(key.name).has_value() &&
                     configuration.Find(key.fallback).has_value();
  return older ? key.fallback : key.name;
}

std::string Text(const Configuration& configuration, const Key& key) {
  return configuration.GetString(NameIn(configuration, key), "");
}

// The value is not told: it may be a secret.
Status RefuseUnknown(const Configuration& configuration) {
  for (const auto& [name, unused] : configuration.values()) {
    if (!name.starts_with(kPrefix)) continue;
    const bool known = std::any_of(std::begin(kKeys), std::end(kKeys), [&](const Key& key) {
      return name == key.name || (key.fallback != nullptr && name == key.fallback);
    });
    if (known) continue;
    std::string all;
    for (const Key& key : kKeys) all += (all.empty() ? "" : ", ") + std::string(key.name);
    return Status::InvalidArgument("option '" + name +
                                   "' has no meaning here; leave it out. There are: " + all);
  }
  return Status::OK();
}

Status ReadEndpoint(const Configuration& configuration, S3Settings* settings) {
  const std::string text = Text(configuration, kEndpoint);
  CASTOR_ASSIGN_OR_RETURN(const bool path_style,
                          configuration.GetBool(NameIn(configuration, kPathStyle), !text.empty()));
  if (text.empty() && path_style) {
    return Status::Unsupported(
        "s3.path-style-access without s3.endpoint: S3 itself is reached by the bucket's own "
        "name; leave the option out, or name the endpoint");
  }
  if (text.empty()) return Status::OK();
  const size_t mark = text.find("://");
  settings->endpoint_scheme = mark == std::string::npos ? "https" : text.substr(0, mark);
  settings->endpoint = mark == std::string::npos ? text : text.substr(mark + 3);
  while (settings->endpoint.ends_with('/')) settings->endpoint.pop_back();
  const bool web = settings->endpoint_scheme == "http" || settings->endpoint_scheme == "https";
  if (!web || settings->endpoint.empty() || settings->endpoint.find('/') != std::string::npos) {
    return Status::InvalidArgument("s3.endpoint is '" + text +
                                   "'; it must be like http://host:9000 or https://host");
  }
  return Status::OK();
}

Status ReadCredentials(const Configuration& configuration, S3Settings* settings) {
  settings->access_key = Text(configuration, kAccessKey);
  settings->secret_key = Text(configuration, kSecretKey);
  if (settings->access_key.empty() != settings->secret_key.empty()) {
    return Status::InvalidArgument(
        "s3.access-key and s3.secret-key go together: set both, or neither to take those of the "
        "environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)");
  }
  CASTOR_ASSIGN_OR_RETURN(settings->anonymous, configuration.GetBool(kAnonymous.name, false));
  if (settings->anonymous && !settings->access_key.empty()) {
    return Status::InvalidArgument("s3.anonymous-credentials with s3.access-key: take one of them");
  }
  return Status::OK();
}

}  // namespace

Result<S3Settings> ReadS3Settings(const Configuration& configuration) {
  CASTOR_RETURN_NOT_OK(RefuseUnknown(configuration));
  S3Settings settings;
  CASTOR_RETURN_NOT_OK(ReadEndpoint(configuration, &settings));
  CASTOR_RETURN_NOT_OK(ReadCredentials(configuration, &settings));
  settings.region = Text(configuration, kRegion);
  // A store of one's own has none, and to ask the machine for its own takes seconds where there is
  // nobody to answer.
  const bool told =
      std::getenv("AWS_REGION") != nullptr || std::getenv("AWS_DEFAULT_REGION") != nullptr;
  if (settings.region.empty() && !settings.endpoint.empty() && !told) {
    settings.region = "us-east-1";
  }
  return settings;
}

}  // namespace castor::object_store
