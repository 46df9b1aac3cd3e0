// Artifacts: files that deployments use. They come and go in pieces, and never change.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "io/file_system.h"
#include "platform/api/api.h"
#include "platform/api/page.h"
#include "platform/api/reply.h"
#include "platform/api/resources.h"
#include "platform/artifacts/artifact_address.h"
#include "platform/metadata/spec.h"

namespace castor::platform {
namespace {

Result<std::optional<ArtifactRecord>> FindNamed(Session* session, const Call& call) {
  return session->Find<ArtifactRecord>(
      "WHERE namespace = ? AND name = ?",
      {call.parameters.at("namespace"), call.parameters.at("name")});
}

Result<ArtifactRecord> FindIn(Session* session, const Call& call) {
  CASTOR_ASSIGN_OR_RETURN(auto found, FindNamed(session, call));
  if (found) return std::move(*found);
  return Status::NotFound("there is no artifact '" + call.parameters.at("name") + "'");
}

bool Uses(const Template& of, const std::string& name) {
  if (ArtifactIn(of.jar_uri) == name) return true;
  for (const std::string& address : of.dependencies) {
    if (ArtifactIn(address) == name) return true;
  }
  return false;
}

// A deployment of the namespace with a version that uses it, if there is one: any of its versions
// may be gone back to.
Result<std::string> FindUser(Session* session, const ArtifactRecord& artifact) {
  CASTOR_ASSIGN_OR_RETURN(
      const auto deployments,
      session->Select<DeploymentRecord>("WHERE namespace = ?", {artifact.namespace_name}));
  for (const DeploymentRecord& deployment : deployments) {
    CASTOR_ASSIGN_OR_RETURN(const auto versions, session->Select<VersionRecord>(
                                                     "WHERE deployment = ?", {deployment.id}));
    for (const VersionRecord& version : versions) {
      if (!Uses(ReadTemplate(version.template_json), artifact.name)) continue;
      return fmt::format("version {} of deployment '{}'", version.version, deployment.name);
    }
  }
  return std::string();
}

std::string Taken(const std::string& name) {
  return "there is an artifact '" + name +
         "' already, and they never change: upload it under another name, or delete that one first";
}

}  // namespace

Result<Api::Reply> Api::ListArtifacts(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
  CASTOR_ASSIGN_OR_RETURN(const auto artifacts,
                          session.Select<ArtifactRecord>("WHERE namespace = ? ORDER BY name",
                                                         {call.parameters.at("namespace")}));
  nlohmann::ordered_json items = nlohmann::ordered_json::array();
  for (const ArtifactRecord& artifact : artifacts) items.push_back(ToJson(artifact));
  return Reply(200, PageJson("ArtifactList", std::move(items), 0));
}

Result<Api::Reply> Api::UploadArtifact(const Call& call) const {
  ArtifactRecord artifact;
  artifact.namespace_name = call.parameters.at("namespace");
  artifact.name = call.parameters.at("name");
  CASTOR_RETURN_NOT_OK(CheckArtifactName(artifact.name));
  {
    CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
    CASTOR_ASSIGN_OR_RETURN(const auto other, FindNamed(&session, call));
    if (other) return Reply::Refused(409, Taken(artifact.name));
  }
  CASTOR_ASSIGN_OR_RETURN(ArtifactStore::Incoming incoming, parts_.artifacts->Begin());
  CASTOR_RETURN_NOT_OK(
      call.read_body([&](std::string_view piece) { return incoming.Append(piece); }));
  CASTOR_RETURN_NOT_OK(incoming.Finish());
  artifact.size = incoming.size();
  artifact.sha256 = incoming.sha256();
  artifact.created_at = NowMs();
  // Others may have been faster; who has the session is the only one to give the file its name.
  CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
  CASTOR_ASSIGN_OR_RETURN(const auto other, FindNamed(&session, call));
  if (other) return Reply::Refused(409, Taken(artifact.name));
  CASTOR_RETURN_NOT_OK(parts_.artifacts->Keep(&incoming, artifact.namespace_name, artifact.name));
  CASTOR_RETURN_NOT_OK(session.Save(artifact));
  CASTOR_RETURN_NOT_OK(session.Commit());
  return Reply(201, ToJson(artifact));
}

Result<Api::Reply> Api::GetArtifact(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
  CASTOR_ASSIGN_OR_RETURN(const ArtifactRecord artifact, FindIn(&session, call));
  return Reply(200, ToJson(artifact));
}

Result<Api::Reply> Api::GetArtifactContent(const Call& call) const {
  constexpr int64_t kPiece = 256 << 10;
  std::string path;
  {
    CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
    CASTOR_ASSIGN_OR_RETURN(const ArtifactRecord artifact, FindIn(&session, call));
    path = parts_.artifacts->PathOf(artifact.namespace_name, artifact.name);
  }
  CASTOR_ASSIGN_OR_RETURN(auto opened, io::LocalFileSystem().OpenForRead(path));
  const std::shared_ptr<io::ReadableFile> file = std::move(opened);
  return Reply::File([file, offset = int64_t{0}]() mutable -> std::optional<std::string> {
    std::string piece(kPiece, '\0');
    const auto read = file->ReadAt(offset, piece.data(), kPiece);
    if (!read.ok() || *read == 0) return std::nullopt;
    piece.resize(static_cast<size_t>(*read));
    offset += *read;
    return piece;
  });
}

Result<Api::Reply> Api::DeleteArtifact(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
  CASTOR_ASSIGN_OR_RETURN(const ArtifactRecord artifact, FindIn(&session, call));
  CASTOR_ASSIGN_OR_RETURN(const std::string user, FindUser(&session, artifact));
  if (!user.empty()) return Reply::Refused(409, user + " uses the artifact");
  // What is committed and not deleted yet is overwritten by the next with its name.
  CASTOR_RETURN_NOT_OK(session.Remove(artifact));
  CASTOR_RETURN_NOT_OK(session.Commit());
  CASTOR_RETURN_NOT_OK(parts_.artifacts->Delete(artifact.namespace_name, artifact.name));
  return Reply(200, ToJson(artifact));
}

}  // namespace castor::platform
