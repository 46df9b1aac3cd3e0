#include "platform/api/label_selector.h"

#include <algorithm>

namespace castor::platform {
namespace {

std::string_view Trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// Sets and brackets belong to forms that are not built.
bool IsPlain(std::string_view text) {
  return text.find_first_of(" ()=!") == std::string_view::npos;
}

}  // namespace

Result<LabelSelector> LabelSelector::Parse(std::string_view text) {
  LabelSelector selector;
  while (!Trim(text).empty()) {
    const size_t end = std::min(text.find(','), text.size());
    const std::string_view given = Trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    Term term;
    std::string_view key = given;
    if (const size_t equals = given.find('='); equals != std::string_view::npos) {
      key = given.substr(0, equals);
      std::string_view value = given.substr(equals + 1);
      term.negated = key.ends_with('!');
      if (term.negated) key.remove_suffix(1);
      if (!term.negated && value.starts_with('=')) value.remove_prefix(1);
      term.value = Trim(value);
    } else {
      term.any_value = true;
      term.negated = key.starts_with('!');
      if (term.negated) key.remove_prefix(1);
    }
    term.key = Trim(key);
    if (term.key.empty() || !IsPlain(term.key) || !IsPlain(term.value)) {
      return Status::InvalidArgument("labelSelector: cannot read '" + std::string(given) + "'");
    }
    selector.terms_.push_back(std::move(term));
  }
  return selector;
}

bool LabelSelector::Selects(const std::map<std::string, std::string>& labels) const {
  return std::all_of(terms_.begin(), terms_.end(), [&](const Term& term) {
    const auto found = labels.find(term.key);
    const bool holds = found != labels.end() && (term.any_value || found->second == term.value);
    return holds != term.negated;
  });
}

}  // namespace castor::platform
