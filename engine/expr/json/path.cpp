#include "expr/json/path.h"

#include <algorithm>
#include <utility>

#include "expr/json/filter.h"

namespace castor::expr::json {

bool Path::Token::definite() const {
  switch (step) {
    case Step::kMembers:
      return names.size() == 1;
    case Step::kIndexes:
      return indexes.size() == 1;
    default:
      return false;
  }
}

// A filter may look into all of the document.
std::string_view Path::only_member() const {
  if (tokens_.empty() || tokens_[0].step != Step::kMembers || tokens_[0].names.size() != 1)
    return {};
  const bool filters =
      std::ranges::any_of(tokens_, [](const Token& token) { return token.step == Step::kFilter; });
  return filters ? std::string_view() : tokens_[0].names[0];
}

// What the names of the last step lead to is merged into one object.
bool Path::definite() const {
  if (tokens_.empty()) return true;
  const auto last = tokens_.end() - 1;
  return (last->definite() || last->step == Step::kMembers) &&
         std::all_of(tokens_.begin(), last, [](const Token& token) { return token.definite(); });
}

// Evaluates one path over one document.
class PathReader {
 public:
  PathReader(const std::vector<Path::Token>& tokens, Document* document, bool suppress)
      : tokens_(tokens), document_(document), suppress_(suppress) {}

  // False where Jayway throws.
  bool Run(NodeId start) { return Evaluate(0, start, true); }
  const std::vector<Member>& found() const { return found_; }
  // Whether what Jayway throws is no missing value, which `suppress` is for.
  bool invalid() const { return invalid_; }

 private:
  using Step = Path::Step;

  bool IsLeaf(size_t at) const { return at + 1 == tokens_.size(); }
  Kind KindOf(NodeId node) const { return document_->kind(node); }

  // The value of the steps before `at` goes on to that step.
  bool Evaluate(size_t at, NodeId node, bool upstream_definite) {
    if (at == tokens_.size()) {
      found_.push_back({{}, node});
      return true;
    }
    switch (tokens_[at].step) {
      case Step::kMembers:
        return Members(at, node, upstream_definite);
      case Step::kIndexes:
      case Step::kSlice:
        return Elements(at, node, upstream_definite);
      case Step::kWildcard:
        Wildcard(at, node);
        return true;
      case Step::kScan:
        return Scan(at + 1, node);
      case Step::kFilter:
        return Filtered(at, node, upstream_definite);
    }
    return false;
  }

  bool Next(size_t at, NodeId node, bool upstream_definite) {
    return Evaluate(at + 1, node, upstream_definite && tokens_[at].definite());
  }

  const Member* Find(NodeId node, std::string_view name) const {
    for (size_t i = 0; i < document_->size(node); ++i) {
      if (document_->member(node, i).key == name) return &document_->member(node, i);
    }
    return nullptr;
  }

  bool Members(size_t at, NodeId node, bool upstream_definite) {
    const Path::Token& token = tokens_[at];
    if (KindOf(node) != Kind::kObject) return !upstream_definite;
    if (token.names.size() > 1 && IsLeaf(at)) {
      found_.push_back({{}, Merged(node, token.names)});
      return true;
    }
    for (const std::string& name : token.names) {
      const Member* member = Find(node, name);
      if (member == nullptr) {
        const bool ignored = IsLeaf(at) || suppress_ || !(upstream_definite && token.definite());
        if (!ignored) return false;
        continue;
      }
      if (!Next(at, member->value, upstream_definite)) return false;
    }
    return true;
  }

  // An object of those of the names that the node has.
  NodeId Merged(NodeId node, const std::vector<std::string>& names) {
    std::vector<Member> merged;
    for (const std::string& name : names) {
      const Member* member = Find(node, name);
      const bool again = std::ranges::find(merged, name, &Member::key) != merged.end();
      if (member != nullptr && !again) merged.push_back({name, member->value});
    }
    return document_->Add(Kind::kObject, merged);
  }

  bool HasAll(NodeId node, const std::vector<std::string>& names) const {
    return std::ranges::all_of(
        names, [&](const std::string& name) { return Find(node, name) != nullptr; });
  }

  bool Elements(size_t at, NodeId node, bool upstream_definite) {
    if (KindOf(node) != Kind::kArray) return !upstream_definite || suppress_;
    const Path::Token& token = tokens_[at];
    if (token.step == Step::kIndexes) {
      for (const int32_t index : token.indexes) {
        if (!Element(at, node, index, upstream_definite)) return false;
      }
      return true;
    }
    const auto length = static_cast<int64_t>(document_->size(node));
    int64_t from = token.from.value_or(0), to = token.to.value_or(length);
    if (!token.to) {
      from = std::max<int64_t>(0, from < 0 ? length + from : from);
    } else if (!token.from && to < 0) {
      to += length;
    }
    to = std::min(length, to);
    for (int64_t i = from; i < to; ++i) {
      if (!Element(at, node, i, upstream_definite)) return false;
    }
    return true;
  }

  // From the end if negative; beyond the ends there is nothing.
  bool Element(size_t at, NodeId node, int64_t index, bool upstream_definite) {
    const auto length = static_cast<int64_t>(document_->size(node));
    if (index < 0) index += length;
    if (index < 0 || index >= length) return true;
    return Next(at, document_->member(node, static_cast<size_t>(index)).value, upstream_definite);
  }

  // What is missing below one member is no error.
  void Wildcard(size_t at, NodeId node) {
    for (size_t i = 0; i < document_->size(node); ++i) {
      Next(at, document_->member(node, i).value, false);
    }
  }

  // An object itself if it passes, of an array the elements that do.
  bool Filtered(size_t at, NodeId node, bool upstream_definite) {
    const Filter& filter = *tokens_[at].filter;
    if (document_->IsScalar(node)) {
      invalid_ = upstream_definite;
      return !upstream_definite;
    }
    if (KindOf(node) == Kind::kObject) {
      return !filter.Accepts(document_, node) || Next(at, node, false);
    }
    for (size_t i = 0; i < document_->size(node); ++i) {
      const NodeId element = document_->member(node, i).value;
      if (filter.Accepts(document_, element) && !Next(at, element, false)) return false;
    }
    return true;
  }

  // Step `at` on all values below `node` and itself, parents first.
  bool Scan(size_t at, NodeId node) {
    if (document_->IsScalar(node)) return true;
    if (!ScanHere(at, node)) return false;
    for (size_t i = 0; i < document_->size(node); ++i) {
      if (!Scan(at, document_->member(node, i).value)) return false;
    }
    return true;
  }

  bool ScanHere(size_t at, NodeId node) {
    const Path::Token& token = tokens_[at];
    const bool array = KindOf(node) == Kind::kArray;
    switch (token.step) {
      case Step::kMembers:
        if (array) return true;
        if ((token.definite() || IsLeaf(at)) && !HasAll(node, token.names)) return true;
        return Evaluate(at, node, false);
      case Step::kIndexes:
      case Step::kSlice:
        if (!array) return true;
        break;
      default:
        break;
    }
    if (!array || IsLeaf(at)) return Evaluate(at, node, false);
    // As Jayway does: in arrays the step itself is not looked at ...
    for (size_t i = 0; i < document_->size(node); ++i) {
      const NodeId element = document_->member(node, i).value;
      if (IsTaken(at, i, element) && !Evaluate(at + 1, element, false)) return false;
    }
    return true;
  }

  // ... but by a last step that takes members one by one: PathToken.handleObjectProperty compares
  // the element's index with the text of the step.
  bool IsTaken(size_t at, size_t index, NodeId element) const {
    const Path::Token& last = tokens_[at + 1];
    const bool one_by_one = last.definite() || last.step == Step::kWildcard;
    if (!IsLeaf(at + 1) || !one_by_one || KindOf(element) != Kind::kObject) return true;
    const std::vector<int32_t>& indexes = tokens_[at].indexes;
    return indexes.size() == 1 && indexes[0] == static_cast<int64_t>(index);
  }

  const std::vector<Path::Token>& tokens_;
  Document* const document_;
  const bool suppress_;
  std::vector<Member> found_;
  bool invalid_ = false;
};

bool Path::Find(Document* document, NodeId start, NodeId* value) const {
  PathReader reader(tokens_, document, false);
  if (!reader.Run(start) || reader.found().empty()) return false;
  *value = reader.found().back().value;
  return true;
}

Path::Outcome Path::Read(Document* document, bool suppress, NodeId* value) const {
  PathReader reader(tokens_, document, suppress);
  const bool complete = reader.Run(document->root());
  const bool all = !definite();
  if (!complete && (!suppress || reader.invalid())) return Outcome::kMissing;
  if (!complete || (reader.found().empty() && suppress)) {
    if (!all) return Outcome::kNull;
    *value = document->Add(Kind::kArray, {});
    return Outcome::kFound;
  }
  if (all) {
    *value = document->Add(Kind::kArray, reader.found());
    return Outcome::kFound;
  }
  if (reader.found().empty()) return Outcome::kMissing;
  *value = reader.found().back().value;
  return document->kind(*value) == Kind::kNull ? Outcome::kNull : Outcome::kFound;
}

}  // namespace castor::expr::json
