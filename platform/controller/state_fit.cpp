#include "platform/controller/state_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace castor::platform {
namespace {

using Json = nlohmann::json;

// The dead letters of a table are an operator of their own in snapshots, and none in plans.
constexpr std::string_view kDeadLetters = "/bad-rows";

int64_t NumberOf(const Json& id) {
  return id.is_string() ? std::stoll(id.get<std::string>()) : id.get<int64_t>();
}

HeldState ReadOperator(const Json& json) {
  return {.uid = json.at("uid"),
          .aliases = json.value("aliases", std::vector<std::string>()),
          .fingerprint = json.value("fingerprint", ""),
          .description = json.value("description", "")};
}

std::vector<HeldState> ReadOperators(const Json& bundle, bool stateful_only) {
  std::map<int64_t, std::string> descriptions;
  for (const Json& node : bundle.at("plan").at("nodes")) {
    descriptions[NumberOf(node.at("id"))] = node.value("description", node.value("type", ""));
  }
  std::vector<HeldState> operators;
  for (const Json& json : bundle.at("operators")) {
    if (stateful_only && !json.value("stateful", false)) continue;
    operators.push_back(ReadOperator(json));
    operators.back().description = descriptions[NumberOf(json.at("nodeId"))];
  }
  return operators;
}

bool SharesName(const HeldState& a, const HeldState& b) {
  const auto has = [&b](const std::string& id) {
    return id == b.uid || std::find(b.aliases.begin(), b.aliases.end(), id) != b.aliases.end();
  };
  return has(a.uid) || std::any_of(a.aliases.begin(), a.aliases.end(), has);
}

// Equal uids before aliases, so that an alias never takes what belongs to another.
const HeldState* FindMatch(const HeldState& old, const std::vector<HeldState>& all) {
  for (const HeldState& candidate : all) {
    if (candidate.uid == old.uid) return &candidate;
  }
  for (const HeldState& candidate : all) {
    if (SharesName(candidate, old)) return &candidate;
  }
  return nullptr;
}

bool IsDeadLetters(const HeldState& old, const std::vector<HeldState>& all) {
  if (!old.uid.ends_with(kDeadLetters)) return false;
  const std::string scan = old.uid.substr(0, old.uid.size() - kDeadLetters.size());
  return std::any_of(all.begin(), all.end(), [&](const HeldState& op) { return op.uid == scan; });
}

}  // namespace

Result<std::vector<HeldState>> ReadSnapshotState(const std::string& metadata) {
  constexpr std::string_view kMagic = "castor-snapshot ";
  const size_t end = metadata.find('\n');
  if (!metadata.starts_with(kMagic) || end == std::string::npos) {
    return Status::Incompatible("this is not the metadata of a Castor snapshot");
  }
  try {
    std::vector<HeldState> held;
    const Json json =
        Json::parse(metadata.begin() + static_cast<std::ptrdiff_t>(end), metadata.end());
    for (const Json& op : json.at("operators")) {
      const bool holds = !op.at("instances").empty() || op.contains("coordinator");
      if (holds) held.push_back(ReadOperator(op));
    }
    return held;
  } catch (const std::exception& error) {
    return Status::Incompatible(std::string("the snapshot's metadata cannot be read: ") +
                                error.what());
  }
}

Result<std::vector<HeldState>> ReadPlanState(const std::string& bundle) {
  try {
    return ReadOperators(Json::parse(bundle), true);
  } catch (const std::exception& error) {
    return Status::Corruption(std::string("the plan cannot be read: ") + error.what());
  }
}

Result<std::vector<StatePart>> FitState(const std::vector<HeldState>& held,
                                        const std::string& bundle) {
  std::vector<HeldState> all, stateful;
  try {
    const Json json = Json::parse(bundle);
    all = ReadOperators(json, false);
    stateful = ReadOperators(json, true);
  } catch (const std::exception& error) {
    return Status::Corruption(std::string("the plan cannot be read: ") + error.what());
  }
  using Fate = StatePart::Fate;
  std::vector<StatePart> parts;
  std::set<std::string> taken;
  for (const HeldState& old : held) {
    StatePart part = {Fate::kKept, old.uid, old.description, ""};
    const HeldState* found = FindMatch(old, all);
    if (found == nullptr && !IsDeadLetters(old, all)) {
      part.fate = Fate::kLost;
      part.reason = "the new version has no such operator";
    } else if (found != nullptr && found->fingerprint != old.fingerprint) {
      part.fate = Fate::kLost;
      part.reason = "in the new version it keeps another kind of state: " + found->description;
    } else if (found != nullptr && !taken.insert(found->uid).second) {
      part.fate = Fate::kLost;
      part.reason = "another operator's state goes to " + found->description;
    }
    parts.push_back(std::move(part));
  }
  for (const HeldState& op : stateful) {
    if (!taken.contains(op.uid)) parts.push_back({Fate::kNew, op.uid, op.description, ""});
  }
  return parts;
}

std::string LossesOf(const std::vector<StatePart>& parts) {
  std::string losses;
  for (const StatePart& part : parts) {
    if (part.fate != StatePart::Fate::kLost) continue;
    losses += fmt::format("{}'{}' ({}): {}", losses.empty() ? "" : "\n", part.uid, part.description,
                          part.reason);
  }
  return losses;
}

}  // namespace castor::platform
