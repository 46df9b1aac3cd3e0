// A JSON text as Jackson reads it for Flink's SQL/JSON functions (SqlJsonUtils): one value, what
// follows it is not looked at; the last of equal keys wins, in the place of the first, unless all
// are asked for; numbers keep their text.
//
// Parsing copies only strings with escapes; everything else refers to the text, which must outlive
// the document's use. A document is parsed into again and again and keeps its memory. Not
// thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace castor::expr::json {

enum class Kind : uint8_t { kNull, kTrue, kFalse, kInteger, kDecimal, kString, kArray, kObject };

using NodeId = uint32_t;

enum class EqualKeys : uint8_t { kLastWins, kAllKept };

struct Member {
  std::string_view key;  // empty in arrays
  NodeId value = 0;
};

class Document {
 public:
  // False if Jackson would not take the text.
  bool Parse(std::string_view text, EqualKeys equal_keys = EqualKeys::kLastWins);
  // The same, but of an object at the top only the member `key` (not empty) is kept: others are
  // checked and dropped, which takes a fraction of the time.
  bool ParseMember(std::string_view text, std::string_view key);

  NodeId root() const { return root_; }
  Kind kind(NodeId node) const { return nodes_[node].kind; }
  bool IsScalar(NodeId node) const { return kind(node) < Kind::kArray; }
  // Of strings their characters, of numbers their text.
  std::string_view text(NodeId node) const { return nodes_[node].text; }
  size_t size(NodeId node) const { return nodes_[node].count; }
  const Member& member(NodeId node, size_t i) const { return members_[nodes_[node].first + i]; }

  // Values that a query makes: of nodes that are there.
  NodeId Add(Kind kind, const std::vector<Member>& members);

 private:
  struct Node {
    Kind kind = Kind::kNull;
    std::string_view text;
    uint32_t first = 0;
    uint32_t count = 0;
  };

  void Begin(std::string_view text, EqualKeys equal_keys);
  bool ParseValue(NodeId* node, int depth);
  bool ParseContainer(NodeId* node, char close, int depth);
  bool ParseMember(char close, int depth);
  bool ParseString(std::string_view* characters);
  // What is read and dropped.
  bool SkipValue(int depth);
  bool SkipContainer(char close, int depth);
  bool SkipString();
  bool ParseEscape(std::string* characters);
  bool ParseUnit(char16_t* unit);
  bool ScanNumber(Kind* kind);
  bool ScanLiteral(std::string_view literal);
  bool ParseNumber(NodeId* node);
  bool ParseLiteral(std::string_view literal, Kind kind, NodeId* node);
  bool RootNumberEnds() const;
  void SkipBlanks();
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  NodeId AddNode(Kind kind, std::string_view text);
  // Of the members that are open from `start` on.
  bool HasEqualKeys(size_t start);
  void DropEarlierKeys(size_t start);

  std::string_view text_;
  EqualKeys equal_keys_ = EqualKeys::kLastWins;
  std::string_view only_;  // the only member of the root to be kept; empty: all
  size_t at_ = 0;
  NodeId root_ = 0;
  std::vector<Node> nodes_;
  std::vector<Member> members_;
  std::vector<Member> open_;  // of containers that are being read
  std::vector<std::string_view> keys_;
  std::deque<std::string> unescaped_;
  size_t used_unescaped_ = 0;
  std::string dropped_;  // what an escape stands for in a string that is not kept
};

}  // namespace castor::expr::json
