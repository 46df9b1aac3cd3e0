#include "operator/window_join/join_pass.h"

namespace castor::window_join {

std::vector<JoinPass> PassesOf(plan::JoinType type) {
  using plan::JoinType;
  switch (type) {
    case JoinType::kInner:
      return {{.outer = 0, .emits_pairs = true}};
    case JoinType::kLeft:
      return {{.outer = 0, .emits_pairs = true, .emits_unmatched = true}};
    case JoinType::kRight:
      return {{.outer = 1, .emits_pairs = true, .emits_unmatched = true}};
    case JoinType::kFull:
      return {{.outer = 0, .emits_pairs = true, .emits_unmatched = true},
              {.outer = 1, .emits_unmatched = true}};
    case JoinType::kSemi:
      return {{.outer = 0, .emits_matched = true}};
    case JoinType::kAnti:
      return {{.outer = 0, .emits_unmatched = true}};
  }
  return {};
}

}  // namespace castor::window_join
